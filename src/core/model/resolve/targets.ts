import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Spec } from '../../spec/schema/index.ts'
import { report } from '../codes.ts'
import type { ProductName } from '../releases/index.ts'
import type { Target } from '../target.ts'
import { parseVersion, type Version } from '../version.ts'
import { resolveHaproxy } from './haproxy-target.ts'
import { resolveInstalled, resolveRelease } from './release.ts'
import { resolveResolver } from './resolver.ts'

/** Versions of the programs on this host, where the spec says `installed`: program → `1.26.3`. */
export type InstalledVersions = Readonly<Record<string, string | undefined>>

/** Recent versions, used when the installed version is not known, so that no other error follows. */
const assumed = { nginx: '1.30.0', haproxy: '3.2', httpd: '2.4' } as const

const resolveVersion = (
  name: keyof typeof assumed,
  product: ProductName,
  written: string,
  installed: InstalledVersions,
  findings: Findings,
): Version => {
  const path = ['targets', name, 'version']
  if (written !== 'installed') return resolveRelease(product, written, path, findings)
  const found = installed[name]
  if (found !== undefined) return resolveInstalled(product, found, path, findings)
  report(
    findings,
    'version-installed',
    atValue(path),
    `the version of ${name} on this host cannot be read`,
    `install ${name}, or set "version" to a release`,
  )
  return parseVersion(assumed[name])
}

/** In the fixed order nginx, HAProxy, httpd. */
export const resolveTargets = (
  written: Spec['targets'],
  installed: InstalledVersions,
  findings: Findings,
): readonly Target[] => {
  const targets: Target[] = []
  const { nginx, haproxy, httpd } = written
  if (nginx) {
    targets.push({
      dialect: 'nginx',
      version: resolveVersion('nginx', nginx.flavor, nginx.version, installed, findings),
      flavor: nginx.flavor,
      modules: new Set(nginx.modules),
      loadModules: nginx.loadModules,
      base: nginx.base ?? null,
      standalone: nginx.standalone,
      unpatched: nginx.unpatched,
      resolver: resolveResolver(nginx.resolver, ['targets', 'nginx', 'resolver'], findings),
      path: ['targets', 'nginx'],
    })
  }
  if (haproxy) {
    targets.push({
      dialect: 'haproxy',
      version: resolveVersion('haproxy', 'haproxy', haproxy.version, installed, findings),
      ...resolveHaproxy(haproxy, findings),
      path: ['targets', 'haproxy'],
    })
  }
  if (httpd) {
    targets.push({
      dialect: 'httpd',
      version: resolveVersion('httpd', 'httpd', httpd.version, installed, findings),
      base: httpd.base ?? null,
      path: ['targets', 'httpd'],
    })
  }
  if (targets.length === 0) {
    report(
      findings,
      'target-missing',
      atKey(['targets']),
      'no target is set',
      'add a target, such as nginx: { version: "1.26.3" }',
    )
  }
  return targets
}
