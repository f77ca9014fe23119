import { connect } from 'node:net'

/** What a client says byte by byte, and the whole answer: for requests that no HTTP library would send. */
export const rawRequest = (port: number, lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answer = ''
    socket.setEncoding('latin1').setTimeout(60_000)
    socket.once('error', reject).once('timeout', () => socket.destroy(new Error('no answer')))
    socket.on('data', (text: string) => {
      answer += text
    })
    socket.once('end', () => resolve(answer))
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  })

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.[01] (\d+)/.exec(answer)?.[1])

/** The body as JSON; chunks of HTTP/1.1 are lines of their own, which JSON is not. */
export const jsonOf = (answer: string): unknown => JSON.parse(/\{.*\}/s.exec(answer)?.[0] ?? 'null')

/** Whether an answer is there with its whole body, or with the head that ends HTTP. */
export const isWhole = (answer: string): boolean => {
  const headEnd = answer.indexOf('\r\n\r\n')
  if (headEnd === -1) return false
  const [head, body] = [answer.slice(0, headEnd), answer.slice(headEnd + 4)]
  if (statusOf(head) === 101) return true
  if (/^transfer-encoding: *chunked/im.test(head)) return /(?:^|\r\n)0\r\n\r\n$/.test(body)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  return length !== undefined && body.length >= Number(length)
}
