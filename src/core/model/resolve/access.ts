import { atKey, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { BasicAuth, Location } from '../cluster.ts'
import { report } from '../codes.ts'
import { loopback } from '../loopback-only.ts'
import { checkNetworks } from './addresses.ts'

type SpecLocation = Spec['frontends'][string]['locations'][number]

/** Together with `allow`, `deny: [all]` only says that other clients have no access. */
export const rejectsAll = ({ allow, deny }: SpecLocation): boolean =>
  allow === undefined && deny?.includes('all') === true

const resolveBasicAuth = (written: SpecLocation['basicAuth'], path: SpecPath): BasicAuth | null => {
  if (written === undefined) return null
  const { file, realm = 'Restricted' } = typeof written === 'string' ? { file: written } : written
  return { file, realm, path, filePath: typeof written === 'string' ? path : [...path, 'file'] }
}

/** Which clients have access to a location. */
export const resolveAccess = (
  written: SpecLocation,
  path: SpecPath,
  findings: Findings,
): Pick<Location, 'allow' | 'deny' | 'basicAuth'> => {
  // The state of the servers helps attackers: by default, only local clients can read it.
  const allow = written.allow ?? (written.status === undefined ? [] : loopback)
  const deny = checkNetworks(written.deny ?? [], [...path, 'deny'], findings)
  return {
    allow: checkNetworks(allow, [...path, 'allow'], findings),
    deny: deny.filter((network) => network !== 'all'),
    basicAuth: resolveBasicAuth(written.basicAuth, [...path, 'basicAuth']),
  }
}

/** Reports restrictions of a location that sends a response before it checks the client. */
export const checkAnswerAccess = (
  written: SpecLocation,
  path: SpecPath,
  findings: Findings,
): void => {
  const answer = written.redirect === undefined ? 'respond' : 'redirect'
  for (const key of ['allow', 'deny', 'basicAuth'] as const)
    if (written[key] !== undefined)
      report(
        findings,
        'location-invalid',
        atKey([...path, key]),
        `"${key}" cannot be combined with "${answer}": proxies answer before they check the ${key === 'basicAuth' ? 'password' : 'address of the client'}`,
        `remove "${key}"`,
      )
}
