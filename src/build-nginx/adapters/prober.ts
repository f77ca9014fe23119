import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { Probe } from '../core/upgrade/probe.ts'
import type { ProbeAnswer, Prober } from '../ports/upgrade.ts'

/** As long as a busy host may need; who waits longer than that is not served. */
const patienceMs = 20_000
const lookMs = 300
const pauseMs = 10
const longestHead = 65_536

/** The sockets that processes hold; null for one that we may not look into. */
const socketsOf = (pid: number): readonly string[] | null => {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`)
      } catch {
        return []
      }
    })
  } catch {
    return null
  }
}

interface Table {
  readonly at: number
  readonly lines: readonly string[]
}
let table: Table = { at: Number.NEGATIVE_INFINITY, lines: [] }

/** All connections of this host; those who ask at the same time share one reading. */
const connections = (): readonly string[] => {
  const now = performance.now()
  if (now - table.at < pauseMs) return table.lines
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => {
    try {
      return readFileSync(file, 'latin1').split('\n').slice(1)
    } catch {
      return []
    }
  })
  table = { at: now, lines }
  return lines
}

/** The inode of the other end of our connection, if a process of this host has accepted it. */
const otherEnd = ({ localPort = 0, remotePort = 0 }: Socket): string | null => {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  // Its own address and ours, as that end sees them.
  const ends = new RegExp(`^\\s*\\d+: [0-9A-F]+:${hex(remotePort)} [0-9A-F]+:${hex(localPort)} `)
  const line = connections().find((one) => ends.test(one))
  const inode = line?.trim().split(/\s+/)[9] ?? '0'
  return inode === '0' ? null : inode
}

/** Whose the other end is, while the request is not whole and nobody can have hung up. */
const ownerOf = async (socket: Socket, owners: readonly number[]): Promise<ProbeAnswer['by']> => {
  const end = performance.now() + lookMs
  while (performance.now() < end && !socket.destroyed) {
    const inode = otherEnd(socket)
    if (inode !== null) {
      const held = owners.map(socketsOf)
      if (held.some((sockets) => sockets?.includes(`socket:[${inode}]`))) return 'owner'
      return held.includes(null) || held.length === 0 ? 'unknown' : 'other'
    }
    await sleep(pauseMs)
  }
  return 'unknown'
}

const opened = (probe: Probe): Promise<Socket | null> =>
  new Promise((resolve) => {
    const where = { host: probe.address, port: probe.port }
    const socket =
      probe.scheme === 'http'
        ? connect(where, () => resolve(socket))
        : connectTls({ ...where, rejectUnauthorized: false }, () => resolve(socket))
    socket.setTimeout(patienceMs, () => socket.destroy())
    socket.on('error', () => resolve(null))
    socket.on('close', () => resolve(null))
  })

const statusOf = (socket: Socket): Promise<number | null> =>
  new Promise((resolve) => {
    let head = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      head += text
      const status = /^HTTP\/1\.[01] (\d{3}) /.exec(head)?.[1]
      if (status !== undefined) resolve(Number(status))
      else if (head.length > longestHead) resolve(null)
    })
    socket.on('close', () => resolve(null))
  })

export const proberOnHost: Prober = {
  ask: async (probe, owners) => {
    const socket = await opened(probe)
    if (socket === null) return { status: null, by: 'unknown' }
    try {
      const answer = statusOf(socket)
      const lines = [
        `GET ${probe.path} HTTP/1.1`,
        `Host: ${probe.host}`,
        'User-Agent: sessctl',
        'Connection: close',
      ]
      socket.write(`${lines.join('\r\n')}\r\n`)
      const by = await ownerOf(socket, owners)
      socket.write('\r\n')
      return { status: await answer, by }
    } finally {
      socket.destroy()
    }
  },
}
