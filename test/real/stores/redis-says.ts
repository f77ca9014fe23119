import { connect } from 'node:net'

/** The raw answer to one inline command. */
export const redisSays = (port: number, command: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\nQUIT\r\n`))
    let answer = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    socket.once('error', reject)
    socket.once('close', () => {
      if (answer.startsWith('-')) reject(new Error(`${command}: ${answer}`))
      else resolve(answer)
    })
  })
