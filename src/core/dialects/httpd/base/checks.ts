import type { HttpdStatement } from '../../../config/httpd/statements.ts'
import type { Place } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { shownWords } from '../../../diagnostics/source-lines.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Balancer } from '../balancers/index.ts'
import { balancerUrl } from '../names.ts'
import { report } from './codes.ts'
import { type Base, balancersOf } from './open.ts'

const checkPassed = (base: Base, at: Place, upstream: Upstream, findings: Findings): void => {
  if (balancersOf(base, upstream.name).some(({ uses }) => uses.length > 0)) return
  const url = balancerUrl(upstream)
  report(
    findings,
    'httpd-base-not-passed',
    at,
    `no directive of this file, or of a file that it includes, sends requests to ${url}: the balancer is not used`,
    `write ProxyPass / ${url}/ in the virtual host of the application`,
  )
}

/** A virtual host with a balancer of its own does not inherit `lbmethod`. */
const checkMethod = (
  base: Base,
  { name }: Upstream,
  { method }: Balancer,
  findings: Findings,
): void => {
  if (method === 'byrequests') return
  for (const { balancers, statement } of base.hosts) {
    if (statement === null) continue
    for (const one of balancers) {
      if (one.name !== name.toLowerCase()) continue
      const use = one.uses.find((each) => /^proxypass/.test(each.name))
      const isSet = one.parameters.some((parameter) => parameter.name === 'lbmethod')
      if (use === undefined || isSet) continue
      report(
        findings,
        'httpd-base-method-reset',
        base.at(use.path, use.directive.start),
        `balancer "${name}" has the method byrequests in this virtual host, not ${method}`,
        `write lbmethod=${method} at the end of this line`,
      )
    }
  }
}

const checkMembers = (base: Base, upstream: Upstream, findings: Findings): void => {
  const seen = new Set<HttpdStatement>()
  for (const { ignored } of balancersOf(base, upstream.name))
    for (const { reason, statement, url } of ignored) {
      if (seen.has(statement)) continue
      seen.add(statement)
      const why =
        reason === 'repeated'
          ? 'another member has this URL, or the beginning of it'
          : 'the main server has a balancer of this name'
      report(
        findings,
        'httpd-base-shadowed',
        base.at(statement.path, statement.directive.start),
        `member "${shownWords([url])}" of balancer "${upstream.name}" has no effect: ${why}`,
        'remove the line',
      )
    }
}

/** Checks what the rest of the files must have for the upstream; nothing of it is changed. */
export const checkRest = (
  base: Base,
  at: Place,
  upstream: Upstream,
  balancer: Balancer,
  findings: Findings,
): void => {
  checkPassed(base, at, upstream, findings)
  checkMethod(base, upstream, balancer, findings)
  checkMembers(base, upstream, findings)
}
