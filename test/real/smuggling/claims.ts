/** An address, a host and the like that no proxy has seen. */
export const claimed = '198.51.100.66'

/** What a client says of itself, in the headers by which applications know clients. */
const claims: Readonly<Record<string, string>> = {
  'X-Forwarded-For': claimed,
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Host': 'claimed.test',
  'X-Forwarded-Prefix': '/claimed',
  'X-Real-IP': claimed,
  Forwarded: `for=${claimed};proto=https;host=claimed.test`,
}

const names = Object.keys(claims)
const list = names.join(', ')

const fields = (nameOf: (name: string) => string): readonly string[] =>
  names.map((name) => `${nameOf(name)}: ${claims[name]}`)

interface Claim {
  /** Fields of the head. */
  readonly head: readonly string[]
  /** Trailer fields after a chunked body. */
  readonly trailers?: readonly string[]
}

/** Ways to make such a claim, or to remove what the proxy says. */
export const allClaims: Readonly<Record<string, Claim>> = {
  'as they are': { head: fields((name) => name) },
  twice: { head: [...fields((name) => name), ...fields((name) => name)] },
  'lower case': { head: fields((name) => name.toLowerCase()) },
  'as a list': { head: names.map((name) => `${name}: ${claims[name]}, ${claims[name]}`) },
  empty: { head: names.map((name) => `${name}:`) },
  'sixty of them': { head: Array.from({ length: 60 }, () => `X-Forwarded-For: ${claimed}`) },
  underscores: { head: fields((name) => name.replaceAll('-', '_')) },
  'the first an underscore': { head: fields((name) => name.replace('-', '_')) },
  'the last an underscore': { head: fields((name) => name.replace(/-(?=[^-]*$)/, '_')) },
  'capitals with underscores': { head: fields((name) => name.replaceAll('-', '_').toUpperCase()) },
  dots: { head: fields((name) => name.replaceAll('-', '.')) },
  'a dot and an underscore': { head: fields((name) => name.replace('-', '.').replace('-', '_')) },
  'empty, with underscores': { head: names.map((name) => `${name.replaceAll('-', '_')}:`) },
  'empty, with dots': { head: names.map((name) => `${name.replaceAll('-', '.')}:`) },
  'a space before the colon': { head: fields((name) => `${name} `) },
  'spaces in the name': { head: fields((name) => name.replaceAll('-', ' ')) },
  folded: { head: ['X-Any: 1', ...fields((name) => ` \r\n${name}`)] },
  'bare CR': { head: [`X-Any: 1\rX-Forwarded-For: ${claimed}`] },
  'bare LF': { head: [`X-Any: 1\nX-Forwarded-For: ${claimed}`] },
  NUL: { head: [`X-Forwarded-For: ${claimed}\0`] },
  'named in Connection': { head: [`Connection: ${list}`] },
  'named in Connection, lower case': { head: [`Connection: keep-alive,${list.toLowerCase()}`] },
  'named in Connection, with close': { head: [`Connection: close, ${list}`] },
  'named in Connection, behind it': { head: [`Connection: ${list}, close`] },
  'named in Connection, spaces': {
    head: [`Connection: \t ,, ${list.replaceAll(', ', '\t, ,')} ,`],
  },
  'named in several Connections': {
    head: ['Connection: keep-alive', ...names.map((name) => `Connection: ${name}`)],
  },
  'named in Proxy-Connection': { head: [`Proxy-Connection: ${list}`] },
  'named in Keep-Alive': { head: [`Keep-Alive: ${list}`, 'Connection: Keep-Alive'] },
  'with TE': { head: ['Connection: TE, X-Forwarded-For', 'TE: trailers'] },
  trailers: {
    head: ['Transfer-Encoding: chunked', `Trailer: ${list}`],
    trailers: fields((name) => name),
  },
}

export const bytesOf = (path: string, { head, trailers }: Claim, more: readonly string[]): string =>
  [
    `${trailers ? 'POST' : 'GET'} ${path} HTTP/1.1`,
    'Host: shop.test',
    ...more,
    ...head,
    '',
    ...(trailers ? ['2', 'ab', '0', ...trailers, ''] : []),
    '',
  ].join('\r\n')
