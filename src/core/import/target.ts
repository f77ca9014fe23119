import { proposedRelease } from '../model/releases/index.ts'
import type { NginxFlavor, NginxModule } from '../model/target.ts'
import { atLeast, parseVersion } from '../model/version.ts'
import { type Needs, todo, type Values } from './draft.ts'
import type { InstalledNginx } from './sources.ts'

const all = (needs: readonly Needs[]): Needs => ({
  modules: [...new Set(needs.flatMap(({ modules }) => modules))],
  flavor: needs.find(({ flavor }) => flavor !== null)?.flavor ?? null,
  isUnpatched: needs.some(({ isUnpatched }) => isUnpatched),
  hasSticky: needs.some(({ hasSticky }) => hasSticky),
})

const stickySince = '1.29.6'

/** Whether a release can have written the files. */
const fits = ({ flavor, hasSticky, modules }: Needs, given: InstalledNginx): boolean => {
  if (flavor !== null && flavor !== given.flavor) return false
  const hasOwnSticky =
    given.flavor === 'angie' ||
    given.flavor === 'nginx-plus' ||
    (given.flavor !== 'tengine' && atLeast(parseVersion(given.version), stickySince))
  if (modules.includes('sticky-ng')) return !hasOwnSticky
  return !hasSticky || hasOwnSticky || given.flavor === 'tengine'
}

/** The last release with which sticky-ng compiles. */
const lastOfStickyNg = '1.22.1'

const proposedFor = ({ modules }: Needs, flavor: NginxFlavor): string => {
  if (flavor === 'nginx-plus') return 'R33'
  return modules.includes('sticky-ng') ? lastOfStickyNg : proposedRelease(flavor)
}

/** The proxy of the spec, and what is said about its version. */
export interface ImportedTarget {
  readonly values: Values
  readonly versionRemark: string
}

/** @param installed the nginx of this host; not used where it cannot read the files. */
export const nginxTarget = (
  base: string,
  upstreamNeeds: readonly Needs[],
  installed: InstalledNginx | null,
): ImportedTarget => {
  const needs = all(upstreamNeeds)
  const known = installed !== null && fits(needs, installed) ? installed : null
  const flavor = known?.flavor ?? needs.flavor ?? 'nginx'
  const modules: readonly NginxModule[] = [
    ...new Set([...needs.modules, ...(known?.modules ?? [])]),
  ]
  return {
    values: {
      version: known?.version ?? proposedFor(needs, flavor),
      ...(flavor === 'nginx' ? {} : { flavor }),
      ...(modules.length === 0 ? {} : { modules }),
      ...(needs.isUnpatched ? { unpatched: true } : {}),
      base,
    },
    versionRemark:
      known === null
        ? todo('the release that "nginx -V" prints where this file is used')
        : 'of the nginx on this host',
  }
}

const otherProxies = {
  haproxy: { product: 'HAProxy', command: 'haproxy -v' },
  httpd: { product: 'httpd', command: 'apachectl -v' },
} as const

/** @param installed the release of this host. */
export const otherTarget = (
  kind: keyof typeof otherProxies,
  base: string,
  installed: string | null,
): ImportedTarget => {
  const { command, product } = otherProxies[kind]
  return {
    values: { version: installed ?? proposedRelease(kind), base },
    versionRemark:
      installed === null
        ? todo(`the release that "${command}" prints where this file is used`)
        : `of the ${product} on this host`,
  }
}
