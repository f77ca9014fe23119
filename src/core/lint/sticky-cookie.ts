import type { Cluster } from '../model/cluster.ts'
import { atLeast } from '../model/version.ts'

const affinity = '{ method: sticky, by: cookie, cookie: srv_id }'

/** From this release on nginx sets an affinity cookie itself. */
const since = '1.29.6'
const newest = '1.30.6'

const isTooOld = ({ targets }: Cluster): boolean => {
  const nginx = targets.find((target) => target.dialect === 'nginx')
  if (nginx?.dialect !== 'nginx' || nginx.flavor !== 'nginx') return false
  return !atLeast(nginx.version, since) && ![...nginx.modules].some((name) => /sticky/.test(name))
}

/** The remedy that makes a cluster independent of the route: on an old nginx it would only bring the next warning. */
export const stickyCookieRemedy = (cluster: Cluster): string =>
  isTooOld(cluster)
    ? `write affinity: ${affinity}, and version: "${newest}" of nginx, which has an affinity cookie since ${since}`
    : `write affinity: ${affinity}`
