// The stand-in for an application server: sessions in memory, or in a folder that all servers share.
// node session-server.mjs '{"host", "port", "server", "route", "reverse", "cookie", "url", "folder"}'
import { randomBytes } from 'node:crypto'
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

const answer = async (request, response) => {
  const query = new URL(request.url, 'http://lab').searchParams
  const sent = keyOf(idOf(request))
  let key = sent !== null && sessions.get(sent) !== undefined ? sent : null
  const isNew = key === null && query.get('create') !== 'false'
  const headers = { 'Content-Type': 'application/json', 'X-Lab-Server': server }
  headers['Cache-Control'] = 'no-store'
  if (isNew) key = randomBytes(16).toString('hex').toUpperCase()
  let count = 0
  if (key !== null) {
    count = (sessions.get(key) ?? 0) + 1
    if (query.has('wait')) await sleep(Math.min(5000, Number(query.get('wait'))))
    sessions.set(key, count)
    // As Tomcat's binder valve does: a session that another server began goes on under this one's route.
    if (isNew || idOf(request) !== withRoute(key))
      headers['Set-Cookie'] = `${cookie}=${withRoute(key)}; Path=/; HttpOnly`
  }
  if (key !== null && query.has('invalidate')) sessions.delete(key)
  const session = key === null ? null : withRoute(key)
  const [path = ''] = request.url.split(/[;?]/)
  const link = session === null ? path : `${path};${url}=${session}`
  const client = request.headers['x-forwarded-for'] ?? request.socket.remoteAddress
  response.writeHead(200, headers)
  response.end(`${JSON.stringify({ server, session, count, isNew, link, client })}\n`)
}

createServer((request, response) => {
  request.resume()
  answer(request, response).catch((error) => {
    process.stderr.write(`${error.stack}\n`)
    response.writeHead(500).end()
  })
}).listen(port, host)
