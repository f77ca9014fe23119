import { createSocket } from 'node:dgram'
import { atEnd } from './cleanup.ts'

export interface Syslog {
  readonly port: number
  /** The messages so far, each with its header. */
  readonly lines: () => readonly string[]
}

/** A syslog server on UDP that keeps its messages. */
export const startSyslog = async (): Promise<Syslog> => {
  const lines: string[] = []
  const socket = createSocket('udp4', (message) => lines.push(message.toString().trimEnd()))
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const close = (): Promise<void> => new Promise((resolve) => socket.close(() => resolve()))
  atEnd({ cleanUp: close, abandon: () => socket.unref() })
  return { port: socket.address().port, lines: () => lines }
}
