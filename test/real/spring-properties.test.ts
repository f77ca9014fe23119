import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { compileText } from '../support/compile.ts'
import { pairSpec } from './support/lab.ts'
import { withServers } from './support/servers.ts'
import { type Boot, findBoot } from './support/spring-boot.ts'

interface Metadata {
  readonly properties: readonly { readonly name: string; readonly deprecation?: object }[]
}

const metadataPath = 'META-INF/spring-configuration-metadata.json'

/** The metadata of the properties in the modules of Spring Boot. */
const metadataOf = async ({ files }: Boot): Promise<Metadata['properties']> => {
  const found: Metadata['properties'][number][] = []
  for (const file of files.filter((path) => /\/spring-boot-[^/]*$/.test(path))) {
    const jar = await fromBufferPromise(readFileSync(file))
    for await (const entry of jar.eachEntry()) {
      if (entry.fileName !== metadataPath) continue
      const content = await text(await jar.openReadStreamPromise(entry))
      found.push(...(JSON.parse(content) as Metadata).properties)
    }
  }
  return found
}

const login = 'username: shop, password: { file: /run/secrets/redis }, database: 3, tls: true'
const stores = {
  redis: [
    `{ kind: redis, addresses: ["10.0.0.5:6379"], ${login} }`,
    '{ kind: redis, mode: sentinel, master: shop, addresses: ["10.0.0.5:26379"] }',
    '{ kind: redis, mode: cluster, addresses: ["10.0.0.5:6379", "10.0.0.6:6379"] }',
  ],
  jdbc: [
    '{ kind: jdbc, driver: org.postgresql.Driver, url: "jdbc:postgresql://db/shop", username: shop, password: { env: DB_PASSWORD } }',
  ],
} as const

const writtenFor = (version: string, store: string, keyPrefix: string): readonly string[] => {
  const spec = pairSpec({
    affinity: '{ method: sticky, by: cookie, cookie: srv_id }',
    app: `{ runtime: spring, version: "${version}", sessions: { store: spring-session, use: store${keyPrefix} } }`,
    stores: `{ store: ${store} }`,
  })
  const { artifacts } = compileText(spec)
  const properties = artifacts.find(({ path }) => path.endsWith('.properties'))?.text ?? ''
  return properties.split('\n').flatMap((line) => /^([a-z.-]+)=/.exec(line)?.[1] ?? [])
}

for (const line of ['2.7', '3', '4'] as const)
  for (const kind of ['redis', 'jdbc'] as const)
    withServers(
      { boot: findBoot(line, kind) },
      `Spring Boot ${line} supports every generated property for sessions in ${kind}, and none is deprecated`,
      async ({ boot }) => {
        const known = await metadataOf(boot)
        const current = new Set(
          known.filter(({ deprecation }) => deprecation === undefined).map(({ name }) => name),
        )
        const keyPrefix = kind === 'redis' ? ', keyPrefix: shop' : ''
        const written = stores[kind].flatMap((store) => writtenFor(boot.version, store, keyPrefix))
        expect(written.length).toBeGreaterThan(4)
        expect(written.filter((name) => !current.has(name))).toEqual([])
      },
    )
