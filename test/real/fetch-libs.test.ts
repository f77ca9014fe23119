import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { expect } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { makeCertificate } from './support/certificate.ts'
import { atEnd } from './support/cleanup.ts'
import { findJars, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const spec = `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers: { one: "10.0.0.1:8080", two: "10.0.0.2:8080" }
    app: { runtime: tomcat, version: "7.0.109", sessions: { store: tomcat-redis, use: redis } }
stores: { redis: { kind: redis, addresses: ["10.0.0.5:6379"] } }
`

/** The three that the spec needs. */
const jars = findJars([
  'com.bluejeans:tomcat-redis-session-manager:2.0.0',
  'redis.clients:jedis:2.5.2',
  'org.apache.commons:commons-pool2:2.2',
])
const names = ['commons-pool2-2.2.jar', 'jedis-2.5.2.jar', 'tomcat-redis-session-manager-2.0.0.jar']

const generate = (
  folder: string,
  args: readonly string[],
  authority = '',
  repository: Readonly<Record<string, string>> = {},
) => {
  writeFileSync(join(folder, 'sessctl.yaml'), spec)
  const env = authority === '' ? repository : { ...repository, NODE_EXTRA_CA_CERTS: authority }
  return runCli(['generate', '--fetch-libs', 'libs', ...args], { cwd: folder, env })
}

/** A Maven repository on loopback. */
const repository = async (folder: string, answer: RequestListener) => {
  const { certificate, key } = await makeCertificate()
  const authority = join(folder, 'authority.pem')
  writeFileSync(authority, certificate)
  const server = createServer({ cert: certificate, key }, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): void => {
    server.closeAllConnections()
    server.close()
  }
  atEnd({ cleanUp: close, abandon: close })
  return { place: `https://localhost:${(server.address() as AddressInfo).port}/maven2`, authority }
}

const found = (folder: string): readonly string[] =>
  existsSync(join(folder, 'libs')) ? readdirSync(join(folder, 'libs')).sort() : []

withServers(
  { jars },
  'downloads jars over https, keeps them, and verifies them again',
  async ({ jars }) => {
    const folder = tempDir()
    const asked: string[] = []
    const { place, authority } = await repository(folder, ({ url = '' }, response) => {
      asked.push(url)
      const file = jars.files.find((path) => basename(path) === basename(url))
      if (file === undefined) response.writeHead(404).end()
      else response.end(readFileSync(file))
    })
    const first = await generate(folder, ['--maven-repository', place], authority)
    expect(first.exitCode, first.stderr).toBe(0)
    expect(found(folder)).toEqual(names)
    // Tomcat reads them as another user.
    const { mode } = statSync(join(folder, 'libs'))
    expect(mode & 0o777).toBe(0o777 & ~process.umask())
    expect(asked).toContain('/maven2/redis/clients/jedis/2.5.2/jedis-2.5.2.jar')
    expect(first.stdout).toContain('  + libs/jedis-2.5.2.jar\n')

    const again = await generate(folder, ['--offline'])
    expect(again.exitCode, again.stderr).toBe(0)
    expect(again.stdout).toContain('  = libs/jedis-2.5.2.jar\n')
    expect(asked).toHaveLength(3)

    writeFileSync(join(folder, 'libs', 'jedis-2.5.2.jar'), 'something else')
    const broken = await generate(folder, ['--offline'])
    expect(broken.exitCode).toBe(3)
    expect(broken.stderr).toContain('the sha256 of jedis-2.5.2.jar is wrong')
    const mended = await generate(folder, ['--maven-repository', place], authority)
    expect(mended.exitCode, mended.stderr).toBe(0)
    expect(asked).toHaveLength(4)
  },
)

withServers({}, 'refuses a jar with a wrong checksum and deletes it', async () => {
  const folder = tempDir()
  const { place, authority } = await repository(folder, (_, response) => {
    response.end('not a jar')
  })
  const { exitCode, stderr } = await generate(folder, ['--maven-repository', place], authority)
  expect(exitCode).toBe(3)
  expect(stderr).toContain('has the wrong sha256')
  expect(found(folder)).toEqual([])
  expect(existsSync(join(folder, 'generated'))).toBe(false)
})

withServers({}, 'reports a missing jar with a remedy', async () => {
  const folder = tempDir()
  const { place, authority } = await repository(folder, (_, response) => {
    response.writeHead(404).end()
  })
  const missing = await generate(folder, ['--maven-repository', place], authority)
  expect(missing.exitCode).toBe(3)
  expect(missing.stderr).toContain('--maven-repository')
  const offline = await generate(folder, ['--offline'])
  expect(offline.exitCode).toBe(3)
  expect(offline.stderr).toContain('run once without --offline')
  const nowhere = await generate(folder, [])
  expect(nowhere.exitCode).toBe(2)
  expect(nowhere.stderr).toContain('tomcat-redis-session-manager-2.0.0.jar must be downloaded')
  expect(nowhere.stderr).toContain('set one with --maven-repository')
  const local = await generate(folder, ['--maven-repository', 'nowhere'])
  expect(local.exitCode).toBe(3)
  const plain = await generate(folder, ['--maven-repository', 'http://localhost/maven2'])
  expect(plain.exitCode).toBe(2)
  expect(found(folder)).toEqual([])
})

withServers({ jars }, 'accepts a folder of jars', async ({ jars: { files } }) => {
  const folder = tempDir()
  const [first = ''] = files
  const place = first.slice(0, first.lastIndexOf('/'))
  const dry = await generate(folder, ['--maven-repository', place, '--dry-run'])
  expect(dry.stdout).toContain('  ? libs/jedis-2.5.2.jar\n')
  expect(found(folder)).toEqual([])
  const { exitCode, stderr } = await generate(folder, ['--maven-repository', place])
  expect(exitCode, stderr).toBe(0)
  expect(found(folder)).toEqual(names)
  const other = tempDir()
  const named = await generate(other, [], '', { SESSCTL_MAVEN_REPOSITORY: place })
  expect(named.exitCode, named.stderr).toBe(0)
  expect(found(other)).toEqual(names)
})
