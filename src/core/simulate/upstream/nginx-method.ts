import type { UpstreamConfiguration } from '../../dialects/nginx/affinity/implementation.ts'
import type { UpstreamView } from '../../dialects/nginx/upstream-block.ts'
import type { Upstream } from '../../model/cluster.ts'
import { type Affinity, none } from '../nginx/affinity.ts'
import { consistentHash } from '../nginx/consistent-hash.ts'
import { hash } from '../nginx/hash.ts'
import { ipHash } from '../nginx/ip-hash.ts'
import { leastConnections } from '../nginx/least-connections.ts'
import { type MapsOptions, maps } from '../nginx/maps.ts'
import { type Method, methodOf } from '../nginx/method.ts'
import { type NginxOptions, nginxBlock } from '../nginx/model.ts'
import { random } from '../nginx/random-servers.ts'
import { nextInTurn } from '../nginx/round-robin.ts'
import { newIds, useridCookies, useridKey } from '../nginx/userid.ts'
import type { HashKey } from '../request.ts'
import { type Run, run } from '../run.ts'
import type { SimulatedServer } from '../server.ts'
import { applicationOf } from './application.ts'
import { hashKeyOf } from './variables.ts'

/** A balancing method of nginx, whatever it remembers. */
export interface NginxMethod {
  /** As written. */
  readonly title: string
  readonly block: <Memory>(
    affinity: Affinity<Memory>,
    options: NginxOptions,
    servers: readonly SimulatedServer[],
  ) => Run
  readonly maps: (
    options: MapsOptions,
    nginx: NginxOptions,
    servers: readonly SimulatedServer[],
  ) => Run
}

const named = <Prepared, Work>(title: string, method: Method<Prepared, Work>): NginxMethod => ({
  title,
  block: (affinity, options, servers) => run(nginxBlock(method, affinity, options), servers),
  maps: (options, nginx, servers) => run(maps(method, options, nginx), servers),
})

export const roundRobin = methodOf(nextInTurn)

const byKey = (title: string, key: HashKey, consistent: boolean): NginxMethod =>
  consistent ? named(`${title} consistent`, consistentHash(key)) : named(title, hash(key))

/** The method that a block has. */
export const nginxMethodOf = (
  { isIpHash, isLeastConn, isRandom, hash: by }: UpstreamView,
  upstream: Upstream,
): NginxMethod => {
  if (isIpHash) return named('ip_hash', ipHash)
  if (by !== null)
    return byKey(`hash ${by.key}`, hashKeyOf(by.key, applicationOf(upstream).cookie), by.consistent)
  if (isLeastConn) return named('least_conn', leastConnections)
  return isRandom ? named('random', random) : named('round robin', roundRobin)
}

/** `userid`, whose ids are hashed. */
export const useridForm = (
  { cookie }: NonNullable<UpstreamConfiguration['userid']>,
  options: NginxOptions,
  servers: readonly SimulatedServer[],
): Run => {
  const ids = newIds(options.seed)
  const affinity: Affinity<null> = {
    ...none,
    setCookies: (_, { request }) => useridCookies(cookie, ids, request),
  }
  return run(nginxBlock(consistentHash(useridKey(cookie, ids)), affinity, options), servers)
}
