import { atKey } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { report } from './codes.ts'
import type { Context } from './context.ts'

/** Bytes of `balancer://NAME` in shared memory (PROXY_BALANCER_MAX_NAME_SIZE, 64 before 2.4.10). */
const longestName = 63

export const balancerUrl = ({ name }: Upstream): string => `balancer://${name}`

/** httpd writes names in lower case, and refuses long ones. */
export const checkNames = ({ cluster, findings }: Context): void => {
  const seen = new Map<string, Upstream>()
  for (const upstream of cluster.upstreams) {
    const url = balancerUrl(upstream).toLowerCase()
    const same = seen.get(url)
    seen.set(url, upstream)
    if (same) {
      report(
        findings,
        'httpd-upstream-name',
        atKey(upstream.path),
        `httpd reads the upstreams "${same.name}" and "${upstream.name}" as one: their names differ in case only`,
        'rename one of them',
      )
    }
    if (url.length > longestName) {
      report(
        findings,
        'httpd-upstream-name',
        atKey(upstream.path),
        `the balancer "${url}" has ${url.length} characters, httpd takes at most ${longestName}`,
        'shorten the name of the upstream',
      )
    }
  }
}
