import { createHash, randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { type ControlFrame, frameReader, maskedFrame } from '../../core/traffic/web-socket.ts'
import type { WebSocketConnection } from '../../ports/traffic.ts'

/** RFC 6455 §4.2.2. */
export const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

export const newKey = (): string => randomBytes(16).toString('base64')

const maskLength = 4
const nothing = new Uint8Array()

/** @param head the bytes that came with the response. */
export const webSocketOn = (
  socket: Duplex,
  head: Uint8Array,
  timeoutMs: number,
): WebSocketConnection => {
  const read = frameReader()
  const startMs = performance.now()
  let closedMs: number | null = null
  let isClosedHere = false
  let answered: (isAnswered: boolean) => void = () => undefined

  const write = (frame: ControlFrame): void => {
    if (socket.writable) socket.write(maskedFrame(frame, randomBytes(maskLength)))
  }
  const take = (bytes: Uint8Array): void => {
    for (const { kind, payload } of read(bytes)) {
      if (kind === 'ping') write({ kind: 'pong', payload })
      if (kind === 'pong') answered(true)
      if (kind === 'close') socket.destroy()
    }
  }
  socket.on('data', take)
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.destroy())
  socket.once('close', () => {
    if (!isClosedHere) closedMs = performance.now() - startMs
    answered(false)
  })
  take(head)

  return {
    ping: () =>
      new Promise((resolve) => {
        if (socket.destroyed) {
          resolve(false)
          return
        }
        const late = setTimeout(() => answered(false), timeoutMs)
        answered = (isAnswered) => {
          clearTimeout(late)
          resolve(isAnswered)
        }
        write({ kind: 'ping', payload: nothing })
      }),
    closedMs: () => closedMs,
    close: () => {
      isClosedHere = true
      socket.once('finish', () => socket.destroy())
      write({ kind: 'close', payload: nothing })
      socket.end()
    },
  }
}
