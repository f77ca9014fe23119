import { connect } from 'node:net'

/**
 * @typedef {object} Drive
 * @property {number} port
 * @property {number} width connections, each of which asks again when it has its answer
 * @property {readonly string[]} cookies of the requests of a connection, in turn; empty: none
 * @property {(answers: number) => boolean} isDone asked after every answer
 */

const end = '\r\n\r\nok'

/** One connection's requests, one after another. @returns {Promise<void>} */
const lane = (/** @type {number} */ port, /** @type {readonly Buffer[]} */ requests, goOn) =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    let turn = 0
    const send = () => socket.write(requests[turn++ % requests.length] ?? '')
    socket.setNoDelay(true).setEncoding('latin1')
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection ended')))
    socket.once('connect', send)
    socket.on('data', (data) => {
      answer += data
      if (!answer.endsWith(end)) return
      if (!answer.startsWith('HTTP/1.1 200 ')) return reject(new Error(answer))
      answer = ''
      if (goOn()) return send()
      resolve()
      socket.destroy()
    })
  })

/** Asks until it is done; how many answers there were. @param {Drive} drive */
export const drive = async ({ port, width, cookies, isDone }) => {
  const requests = cookies.map((cookie) => {
    const own = cookie === '' ? [] : [`Cookie: ${cookie}`]
    return Buffer.from(['GET / HTTP/1.1', 'Host: bench', ...own, '', ''].join('\r\n'), 'latin1')
  })
  let answers = 0
  const goOn = () => {
    answers++
    return !isDone(answers)
  }
  await Promise.all(Array.from({ length: width }, () => lane(port, requests, goOn)))
  return answers
}
