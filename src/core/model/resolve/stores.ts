import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { secretsInText } from '../../secrets/in-text.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { report } from '../codes.ts'
import { byName } from '../order.ts'
import type { RedisTls, Secret, Store } from '../store.ts'
import { resolveAddress } from './addresses.ts'

type SpecSecret = string | { env: string } | { file: string }

export const resolveSecret = (
  written: SpecSecret | undefined,
  path: SpecPath,
  findings: Findings,
): Secret | null => {
  if (written === undefined) return null
  if (typeof written !== 'string') {
    return 'env' in written
      ? { kind: 'env', name: written.env }
      : { kind: 'file', path: written.file }
  }
  report(
    findings,
    'secret-literal',
    atValue(path),
    'the spec contains a secret as plain text',
    'write { env: NAME } or { file: path } instead',
  )
  return { kind: 'literal', value: written }
}

/** `?password=`, `;password=` and `user:password@` of a JDBC URL. */
const reportLogin = (url: string, path: SpecPath, findings: Findings): void => {
  if (secretsInText(url).length === 0) return
  report(
    findings,
    'secret-literal',
    atValue(path),
    'the URL contains a secret as plain text',
    'remove the secret from the URL, and write password: { env: NAME } or { file: path }',
  )
}

type SpecRedis = Extract<Spec['stores'][string], { kind: 'redis' }>

const resolveTls = (written: SpecRedis['tls']): RedisTls | null => {
  if (written === false) return null
  const { ca = null, serverName = null, certificate = null } = written === true ? {} : written
  return { ca, serverName, certificate }
}

const resolveStore = (
  name: string,
  written: Spec['stores'][string],
  path: SpecPath,
  findings: Findings,
): Store => {
  if (written.kind === 'memcached') {
    return {
      kind: 'memcached',
      name,
      servers: Object.entries(written.servers).map(([server, address]) => ({
        name: server,
        address: resolveAddress(address, [...path, 'servers', server], findings),
      })),
      path,
    }
  }
  const login = {
    username: written.username ?? null,
    password: resolveSecret(written.password, [...path, 'password'], findings),
  }
  if (written.kind === 'jdbc') {
    reportLogin(written.url, [...path, 'url'], findings)
    return { kind: 'jdbc', name, driver: written.driver, url: written.url, ...login, path }
  }
  return {
    kind: 'redis',
    name,
    mode: written.mode,
    addresses: written.addresses.map((address, index) =>
      resolveAddress(address, [...path, 'addresses', index], findings),
    ),
    master: written.master ?? null,
    ...login,
    sentinelPassword: resolveSecret(
      written.sentinelPassword,
      [...path, 'sentinelPassword'],
      findings,
    ),
    tls: resolveTls(written.tls),
    database: written.database,
    eviction: written.eviction ?? null,
    path,
  }
}

export const resolveStores = (written: Spec['stores'], findings: Findings): readonly Store[] =>
  Object.entries(written)
    .map(([name, store]) => resolveStore(name, store, ['stores', name], findings))
    .sort(byName)
