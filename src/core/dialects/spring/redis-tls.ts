import type { Findings } from '../../diagnostics/findings.ts'
import type { RedisStore, RedisTls } from '../../model/store.ts'
import { atLeast, type Version } from '../../model/version.ts'
import { anyNetworkRedis, type RedisAbilities } from '../redis-limits.ts'
import { redisTlsKey } from './release.ts'
import { reportText } from './secrets.ts'

type Property = readonly [key: string, value: string | null]

const bundleName = 'sessions'

/** 3.1 introduced SSL bundles; before, Spring Boot uses the authorities of the Java runtime only. */
const hasBundles = (boot: Version): boolean => atLeast(boot, '3.1.0')

export const abilitiesOf = (boot: Version): RedisAbilities =>
  hasBundles(boot)
    ? anyNetworkRedis
    : { ...anyNetworkRedis, tls: { ca: false, serverName: false, certificate: false } }

const fileOf = (path: string | null): string | null => (path === null ? null : `file:${path}`)

const needsBundle = ({ ca, certificate }: RedisTls): boolean => (ca ?? certificate) !== null

/** @returns the properties below the connection, and those of the bundle that they name. */
export const redisTlsProperties = (
  { tls, path }: RedisStore,
  boot: Version,
  findings: Findings,
): { readonly connection: readonly Property[]; readonly bundle: readonly Property[] } => {
  if (tls === null) return { connection: [], bundle: [] }
  const isOn: Property = [redisTlsKey(boot), 'true']
  if (!hasBundles(boot) || !needsBundle(tls)) return { connection: [isOn], bundle: [] }
  for (const key of ['ca', 'certificate'] as const)
    reportText(tls[key], [...path, 'tls', key], findings)
  const pem = `spring.ssl.bundle.pem.${bundleName}`
  return {
    connection: [isOn, ['ssl.bundle', bundleName]],
    bundle: [
      [`${pem}.truststore.certificate`, fileOf(tls.ca)],
      [`${pem}.keystore.certificate`, fileOf(tls.certificate)],
      [`${pem}.keystore.private-key`, fileOf(tls.certificate)],
    ],
  }
}
