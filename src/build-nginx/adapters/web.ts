import { STATUS_CODES } from 'node:http'
import type { Dispatcher } from 'undici'
import { BuildError } from '../../errors.ts'
import type { Web } from '../ports/build.ts'
import { type Environment, namesProxy } from './proxies.ts'

/** Ten times the largest source that nginx links (OpenSSL). */
const mostBytes = 536_870_912
const mostRedirects = 5
/** A server that sends a byte a minute is never silent. */
const mostMilliseconds = 3_600_000

const failed = (url: string, what: string, help: string, cause?: unknown): BuildError =>
  new BuildError(`cannot download ${url}: ${what}`, { help, cause })

const tryLater =
  'try again later, or use another source: --source apt on Debian and Ubuntu, or a tarball on this host'

const checkProxy =
  'try again later, or check the proxy in HTTPS_PROXY and HTTP_PROXY; NO_PROXY lists the hosts without one'

/** A host with several addresses fails once for each; what is said then is in none of the messages. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}

type Answer = Dispatcher.ResponseData

/** Asks for a URL, without following redirects. */
type Ask = (url: string) => Promise<Answer>

interface Connections {
  readonly dispatcher: Dispatcher
  readonly hasProxy: boolean
}

/** Loads undici, for the first download: most commands make none. */
const connect = async (env: Environment, authorities: string | undefined): Promise<Connections> => {
  const { makeDispatcher } = await import('./dispatcher.ts')
  return { dispatcher: makeDispatcher(env, authorities), hasProxy: namesProxy(env) }
}

const askThrough = (
  env: Environment,
  authorities: string | undefined,
): ((url: string, signal: AbortSignal) => Promise<Answer>) => {
  let connections: Promise<Connections> | null = null
  return async (url, signal) => {
    connections ??= connect(env, authorities)
    const { dispatcher, hasProxy } = await connections
    const { origin, pathname, search } = new URL(url)
    try {
      return await dispatcher.request({
        origin,
        path: `${pathname}${search}`,
        method: 'GET',
        headers: { 'user-agent': 'sessctl', accept: '*/*' },
        signal,
      })
    } catch (error) {
      throw failed(url, reasonOf(error), hasProxy ? checkProxy : tryLater, error)
    }
  }
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

const headerOf = ({ headers }: Answer, name: string): string | null => {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** Nobody reads the rest; what it may say of that is no concern of ours. */
const drop = ({ body }: Answer): void => void body.on('error', () => undefined).destroy()

/** Over https all the way; null when there is no such file. */
const follow = async (
  first: string,
  ask: Ask,
): Promise<{ readonly answer: Answer; readonly url: string } | null> => {
  let url = first
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (!url.startsWith('https://'))
      throw failed(first, `it redirects to ${url}, without TLS`, 'use another mirror')
    const answer = await ask(url)
    const status = answer.statusCode
    if (status === 200) return { answer, url }
    drop(answer)
    if (status === 404 || status === 410) return null
    if (!isRedirect(status))
      throw failed(url, `the answer is ${status} ${STATUS_CODES[status] ?? ''}`, tryLater)
    const location = headerOf(answer, 'location') ?? ''
    if (!URL.canParse(location, url))
      throw failed(url, 'it redirects to an invalid URL', 'use another mirror')
    url = new URL(location, url).href
  }
  throw failed(first, `it redirects more than ${mostRedirects} times`, 'use another mirror')
}

const lengthOf = (answer: Answer): number | null => {
  const length = Number(headerOf(answer, 'content-length') ?? Number.NaN)
  return Number.isSafeInteger(length) ? length : null
}

const isPage = (type: string | null, bytes: Buffer): boolean =>
  /^text\/html\b/i.test(type ?? '') ||
  /^\s*<(!doctype|html|\?xml)/i.test(bytes.subarray(0, 256).toString('latin1'))

const receive = async (
  answer: Answer,
  url: string,
  onProgress: (received: number, total: number | null) => void,
  most: number,
): Promise<Buffer> => {
  const total = lengthOf(answer)
  if (total !== null && total > most) {
    drop(answer)
    throw failed(url, `its ${total} bytes exceed the limit of ${most} bytes`, 'use another mirror')
  }
  const chunks: Buffer[] = []
  let received = 0
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk as Buffer)
      received += (chunk as Buffer).length
      if (received > most) throw new Error(`it exceeds the limit of ${most} bytes`)
      onProgress(received, total)
    }
  } catch (error) {
    const reason = reasonOf(error)
    throw failed(url, `the download stopped after ${received} bytes (${reason})`, tryLater, error)
  }
  if (total !== null && received !== total)
    throw failed(url, `the download stopped after ${received} of ${total} bytes`, tryLater)
  return Buffer.concat(chunks)
}

/**
 * Downloads over https only, through the proxies of the environment.
 * @param authorities in place of those that Node.js trusts (PEM)
 */
export const webOverHttps = (
  signal: AbortSignal,
  env: Environment,
  authorities?: string,
  milliseconds = mostMilliseconds,
): Web => {
  const askBefore = askThrough(env, authorities)
  return {
    download: async (url, onProgress, most = mostBytes) => {
      const late = AbortSignal.timeout(milliseconds)
      const ask: Ask = (address) => askBefore(address, AbortSignal.any([signal, late]))
      const found = await follow(url, ask)
      if (found === null) return null
      const { answer } = found
      const bytes = await receive(answer, url, onProgress, most)
      signal.throwIfAborted()
      if (isPage(headerOf(answer, 'content-type'), bytes)) {
        throw failed(
          url,
          'the server sent a web page instead of the file',
          'open the URL in a browser: a proxy or a login page may answer instead of the server',
        )
      }
      return { bytes, url: found.url }
    },
  }
}
