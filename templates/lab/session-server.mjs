// The stand-in for an application server: sessions in memory, or in a folder that all servers share.
// node session-server.mjs '{"host", "port", "server", "route", "reverse", "cookie", "url", "folder"}'
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const settings = JSON.parse(process.argv[2])
const { host, port, server, route, reverse, cookie, url, folder } = settings

const inMemory = new Map()

/** By rename: a reader sees the old or the new one, never half of it. */
const inFolder = {
  get: (key) => {
    try {
      return Number(readFileSync(join(folder, key), 'utf8'))
    } catch {
      return undefined
    }
  },
  set: (key, count) => {
    const staged = join(folder, `${key}-${process.pid}`)
    writeFileSync(staged, String(count), { mode: 0o600 })
    renameSync(staged, join(folder, key))
  },
  delete: (key) => rmSync(join(folder, key), { force: true }),
}
const sessions = folder === null ? inMemory : inFolder

const withRoute = (key) => (route === null ? key : reverse ? `${key}.${route}` : `${route}.${key}`)

/** The 32 digits of a session id, wherever its route stands. */
const keyOf = (id) => /(?:^|\.)([0-9A-F]{32})(?:\.|$)/.exec(id ?? '')?.[1] ?? null

const idOf = (request) => {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const found = pairs.find((pair) => pair.startsWith(`${cookie}=`))
  if (found !== undefined) return found.slice(cookie.length + 1)
  const [, inUrl] = new RegExp(`;${url}=([^;?/]*)`).exec(request.url) ?? []
  return inUrl ?? null
}

const longestWaitMs = 600_000

/** The session of a request after it was counted, and the headers of its response. */
const enter = async (request, query) => {
  const sent = keyOf(idOf(request))
  let key = sent !== null && sessions.get(sent) !== undefined ? sent : null
  const isNew = key === null && query.get('create') !== 'false'
  const headers = { 'X-Lab-Server': server, 'Cache-Control': 'no-store' }
  if (isNew) key = randomBytes(16).toString('hex').toUpperCase()
  let count = 0
  if (key !== null) {
    count = (sessions.get(key) ?? 0) + 1
    if (query.has('wait')) await sleep(Math.min(longestWaitMs, Number(query.get('wait'))))
    sessions.set(key, count)
    // As Tomcat's binder valve does: a session that another server began goes on under this one's route.
    if (isNew || idOf(request) !== withRoute(key))
      headers['Set-Cookie'] = `${cookie}=${withRoute(key)}; Path=/; HttpOnly`
  }
  return { key, isNew, count, headers }
}

const queryOf = ({ url }) => new URL(url, 'http://lab').searchParams

const answer = async (request, response) => {
  const query = queryOf(request)
  const { key, isNew, count, headers } = await enter(request, query)
  if (key !== null && query.has('invalidate')) sessions.delete(key)
  const session = key === null ? null : withRoute(key)
  const [path = ''] = request.url.split(/[;?]/)
  const link = session === null ? path : `${path};${url}=${session}`
  const client = request.headers['x-forwarded-for'] ?? request.socket.remoteAddress
  response.writeHead(200, { 'Content-Type': 'application/json', ...headers })
  response.end(`${JSON.stringify({ server, session, count, isNew, link, client })}\n`)
}

/** RFC 6455 §4.2.2. */
const acceptOf = (key) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/** Answers each ping with a pong, until the client closes the connection. */
const pong = (socket) => {
  let rest = Buffer.alloc(0)
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes])
    // The clients of the lab send masked control frames only.
    while (rest.length >= 6 && rest.length >= 6 + (rest[1] & 0x7f)) {
      const length = rest[1] & 0x7f
      const mask = rest.subarray(2, 6)
      const payload = rest.subarray(6, 6 + length).map((byte, index) => byte ^ mask[index % 4])
      const opcode = rest[0] & 0x0f
      rest = rest.subarray(6 + length)
      if (opcode === 0x8) socket.end(Buffer.from([0x88, 0]))
      if (opcode === 0x9) socket.write(Buffer.from([0x8a, length, ...payload]))
    }
  })
  socket.on('end', () => socket.end())
}

const upgrade = async (request, socket) => {
  socket.on('error', () => socket.destroy())
  const { headers } = await enter(request, queryOf(request))
  const all = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Accept': acceptOf(request.headers['sec-websocket-key']),
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`)
  pong(socket)
}

createServer((request, response) => {
  request.resume()
  answer(request, response).catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    response.writeHead(500).end()
  })
})
  .on('upgrade', (request, socket) => {
    upgrade(request, socket).catch((error) => {
      process.stderr.write(`${error.stack}\n`)
      socket.destroy()
    })
  })
  .listen(port, host)
