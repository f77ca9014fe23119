import type { HttpdBalancer } from '../../config/httpd/balancers.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { type Base, balancersOf, openBase } from '../../dialects/httpd/base/open.ts'
import { noNeeds } from '../affinity.ts'
import type { ReadUpstreams, UpstreamDraft, Values } from '../draft.ts'
import type { HttpdSource } from '../sources.ts'
import { affinityOf, balanceOf } from './affinity.ts'
import { schemeOf, serverOf } from './members.ts'

const protocols: Readonly<Record<string, Values>> = {
  https: { protocol: 'https', tls: { verify: false } },
  ajp: { protocol: 'ajp' },
  fcgi: { protocol: 'fastcgi' },
  uwsgi: { protocol: 'uwsgi' },
}

/** A balancer as a host that sends requests to it has it, else as the host with its members. */
const effectiveOf = (base: Base, balancer: HttpdBalancer): HttpdBalancer =>
  balancersOf(base, balancer.name).find(({ uses }) => uses.length > 0) ?? balancer

const upstreamOf = (base: Base, balancer: HttpdBalancer): UpstreamDraft => {
  const { members, name } = balancer
  const effective = effectiveOf(base, balancer)
  const affinity = affinityOf(effective, base.files.statements)
  // A virtual host never inherits the method.
  const balance = balanceOf(balancer)
  const [first] = members
  return {
    name,
    at:
      first === undefined
        ? base.at(base.files.main, 0)
        : base.at(first.statement.path, first.statement.directive.start),
    values: {
      ...(balance === null ? {} : { balance }),
      ...(affinity === null ? {} : { affinity }),
      ...(first === undefined ? {} : protocols[schemeOf(first)]),
    },
    servers: members.map(serverOf),
    needs: noNeeds,
    remarks: [],
    alternatives: [],
  }
}

/** The balancers of a configuration that have members. */
export const readHttpdUpstreams = (
  { config, file }: HttpdSource,
  findings: Findings,
): ReadUpstreams | null => {
  const base = openBase(file, config, findings)
  if (base === null) return null
  const balancers = new Map<string, HttpdBalancer>()
  for (const balancer of base.hosts.flatMap((host) => host.balancers))
    if (balancer.members.length > 0 && !balancers.has(balancer.name))
      balancers.set(balancer.name, balancer)
  const upstreams = [...balancers.values()].map((balancer) => upstreamOf(base, balancer))
  if (upstreams.length > 0) return { upstreams, leftOut: [] }
  const message = 'this configuration has no balancer with a member'
  return {
    upstreams,
    leftOut: [{ upstream: null, at: base.at(base.files.main, 0), message, help: null }],
  }
}
