import { connect } from 'node:net'

/** What a client says byte by byte, and the whole answer: for requests that no HTTP library would send. */
export const rawRequest = (port: number, lines: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answer = ''
    socket.setEncoding('latin1').setTimeout(15_000)
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
