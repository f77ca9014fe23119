import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { compileText } from '../../support/compile.ts'
import { get } from '../support/http.ts'
import type { RunningServer } from '../support/process.ts'
import { tempDir } from '../support/temp-dir.ts'

/** The answer of one server about a session. */
export interface Counted {
  readonly count: number
  readonly server: string
}

/** A server of an application that counts the requests of a session. */
export interface AppServer {
  readonly running: RunningServer
  readonly port: number
}

/** Writes the generated files of the upstream `app` to a new folder. */
export const writtenFor = (app: string, stores: string | null): string => {
  const spec = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: app }] } }
upstreams:
  app:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { app1: "127.0.0.1:8080", app2: "127.0.0.1:8081" }
    app: ${app}
${stores === null ? '' : `stores: { store: ${stores} }\n`}`
  const { artifacts, diagnostics } = compileText(spec)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const folder = tempDir()
  for (const { path, bytes } of artifacts.filter(({ dialect }) => dialect !== 'nginx')) {
    const file = join(folder, path.split('/').slice(2).join('/'))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  return folder
}

/** Sends one request with the session cookie to one server. */
export const visit = async (
  { port, running }: AppServer,
  cookies: Map<string, string>,
): Promise<Counted> => {
  const options = { cookies, timeout: 60_000 }
  const { body, status } = await get(`http://127.0.0.1:${port}/`, options)
  if (status !== 200) throw new Error(`${status}: ${body}\n${running.output()}`)
  return JSON.parse(body) as Counted
}

/** Expects the same session on both servers, also after its first server stopped. */
export const expectShared = async (first: AppServer, second: AppServer): Promise<void> => {
  const cookies = new Map<string, string>()
  expect(await visit(first, cookies)).toMatchObject({ count: 1 })
  expect(await visit(second, cookies)).toMatchObject({ count: 2 })
  expect(await visit(first, cookies)).toMatchObject({ count: 3 })
  await first.running.kill()
  expect(await visit(second, cookies)).toMatchObject({ count: 4 })
  await second.running.stop()
}
