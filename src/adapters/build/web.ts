import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { BuildError } from '../../errors.ts'
import type { Web } from '../../ports/build.ts'

/** Ten times the largest source that nginx links (OpenSSL). */
const mostBytes = 536_870_912
const mostRedirects = 5
const silenceMs = 60_000

const failed = (url: string, what: string, help: string, cause?: unknown): BuildError =>
  new BuildError(`cannot download ${url}: ${what}`, { help, cause })

const tryLater =
  'try again later, or take another source: --source apt on Debian and Ubuntu, or a tarball of this host'

const ask = (url: string, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { signal, headers: { 'User-Agent': 'sessctl', Accept: '*/*' } })
    sent.setTimeout(silenceMs, () => sent.destroy(new Error('it says nothing any more')))
    sent.once('error', (error) => reject(failed(url, error.message, tryLater, error)))
    sent.once('response', resolve)
    sent.end()
  })

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** Over https all the way; null when there is no such file. */
const follow = async (
  first: string,
  signal: AbortSignal,
): Promise<{ readonly message: IncomingMessage; readonly url: string } | null> => {
  let url = first
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (!url.startsWith('https://'))
      throw failed(first, `it leads to ${url}, without TLS`, 'name another mirror')
    const message = await ask(url, signal)
    const status = message.statusCode ?? 0
    if (!isRedirect(status)) {
      if (status === 200) return { message, url }
      message.destroy()
      if (status === 404 || status === 410) return null
      throw failed(url, `the answer is ${status} ${message.statusMessage ?? ''}`, tryLater)
    }
    message.destroy()
    url = new URL(message.headers.location ?? '', url).href
  }
  throw failed(first, `it leads on and on, ${mostRedirects} times`, 'name another mirror')
}

const lengthOf = ({ headers }: IncomingMessage): number | null => {
  const length = Number(headers['content-length'] ?? Number.NaN)
  return Number.isSafeInteger(length) ? length : null
}

const isPage = (type: string | undefined, bytes: Buffer): boolean =>
  /^text\/html\b/i.test(type ?? '') ||
  /^\s*<(!doctype|html|\?xml)/i.test(bytes.subarray(0, 256).toString('latin1'))

const receive = async (
  message: IncomingMessage,
  url: string,
  onProgress: (received: number, total: number | null) => void,
): Promise<Buffer> => {
  const total = lengthOf(message)
  const chunks: Buffer[] = []
  let received = 0
  try {
    for await (const chunk of message) {
      chunks.push(chunk as Buffer)
      received += (chunk as Buffer).length
      if (received > mostBytes) throw new Error('it is larger than any source')
      onProgress(received, total)
    }
  } catch (error) {
    const { message: reason } = error as Error
    throw failed(url, `it was cut off after ${received} bytes (${reason})`, tryLater, error)
  }
  if (total !== null && received !== total)
    throw failed(url, `it was cut off: ${received} of ${total} bytes came`, tryLater)
  return Buffer.concat(chunks)
}

/** Downloads over https only. */
export const webOverHttps = (signal: AbortSignal): Web => ({
  download: async (url, onProgress) => {
    const found = await follow(url, signal)
    if (found === null) return null
    const { message } = found
    const bytes = await receive(message, url, onProgress)
    signal.throwIfAborted()
    if (isPage(message.headers['content-type'], bytes)) {
      throw failed(
        url,
        'a web page came instead of the file',
        'a proxy or a login stands between; open the address in a browser',
      )
    }
    return { bytes, url: found.url }
  },
})
