import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { Server, Upstream } from '../../../model/cluster.ts'
import type { Considered } from '../../choice.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { formatText, sampleArgument } from '../quote.ts'
import { type Rule, rule } from '../rules.ts'
import { type Part, partsOf, requestSample, requestVariables } from '../variables.ts'

/** How a hash key is written: words after `balance`, and what must be computed before. */
export interface HashKey {
  readonly balance: readonly string[]
  readonly rules: readonly Rule[]
}

const keyVariable = 'txn.hash'

/** What HAProxy before 2.6 can hash, and later ones still write this way. */
const oldForms: Readonly<Record<string, readonly string[]>> = {
  request_uri: ['uri', 'whole'],
  uri: ['uri'],
  document_uri: ['uri'],
  host: ['hdr(host)'],
  http_host: ['hdr(host)'],
}

const oldForm = (name: string): readonly string[] | null => {
  const known = oldForms[name]
  if (known) return known
  if (name.startsWith('arg_')) return ['url_param', name.slice('arg_'.length)]
  if (!name.startsWith('http_')) return null
  return [`hdr(${sampleArgument(name.slice('http_'.length).replaceAll('_', '-'))})`]
}

const isSource = (name: string): boolean => name === 'remote_addr' || name === 'binary_remote_addr'

const formatOf = (parts: readonly Part[], context: Context): string =>
  parts
    .map((part) =>
      part.kind === 'text'
        ? formatText(part.text)
        : `%[${requestSample(part.name, context.features) ?? ''}]`,
    )
    .join('')

/** A form of a hash; `written` is null where it cannot be used. */
export interface HashForm extends Considered {
  readonly written: HashKey | null
}

const usedForm = (form: string, written: HashKey): HashForm => ({
  form,
  refusal: null,
  remedy: null,
  written,
})

const refusedForm = (form: string, refusal: string, remedy: string): HashForm => ({
  form,
  refusal,
  remedy,
  written: null,
})

/** `balance hash` of one sample, or of a variable with the text of all parts. */
const sampleHash = (parts: readonly Part[], single: string | null, context: Context): HashKey => {
  const { features } = context
  if (single !== null)
    return { balance: ['hash', requestSample(single, features) ?? ''], rules: [] }
  return {
    balance: ['hash', `var(${keyVariable})`],
    rules: [rule({ setVariableFormat: { name: keyVariable, format: formatOf(parts, context) } })],
  }
}

/** The forms of a hash whose key is written in nginx variables, up to the first that HAProxy has. */
export const hashForms = (key: string, context: Context): readonly HashForm[] => {
  const parts = partsOf(key)
  const { features, version } = context
  const unknown = parts.find(
    (part) => part.kind === 'variable' && requestSample(part.name, features) === null,
  )
  if (unknown?.kind === 'variable')
    return [
      refusedForm(
        '"balance hash"',
        `HAProxy has no equivalent of $${unknown.name}`,
        `use one of ${requestVariables}`,
      ),
    ]
  const [only] = parts
  const single = parts.length === 1 && only?.kind === 'variable' ? only.name : null
  if (single !== null && isSource(single))
    return [usedForm('"balance source"', { balance: ['source'], rules: [] })]
  if (features.hashesAnySample)
    return [usedForm('"balance hash"', sampleHash(parts, single, context))]
  const newer = refusedForm(
    '"balance hash"',
    `HAProxy ${version.text} cannot hash "${key}"`,
    'use one of $request_uri, $uri, $host, $remote_addr, $arg_NAME, $http_NAME, or HAProxy 2.6, which hashes any key',
  )
  const old = single === null ? null : oldForm(single)
  if (old === null) return [newer]
  return [
    {
      ...newer,
      refusal: `HAProxy ${version.text} does not have it: it was added in 2.6`,
      remedy: null,
    },
    usedForm(`"balance ${old.join(' ')}"`, { balance: old, rules: [] }),
  ]
}

/** A key in nginx variables as HAProxy hashes it; null and a finding where it cannot. */
export const hashKey = (key: string, at: SpecPath, context: Context): HashKey | null => {
  const last = hashForms(key, context).at(-1)
  if (last?.refusal)
    report(context.findings, 'haproxy-hash-key', atValue(at), last.refusal, last.remedy)
  return last?.written ?? null
}

/** HAProxy spreads an id over 4,096 points in 32 bits. */
const ids = 2 ** 20 - 1

/** FNV-1a, 32 bits. */
const fnv1a = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

/**
 * An id for each server, from its name alone (but for the rare clash). HAProxy numbers servers in
 * turn otherwise, and places them on the ring of a consistent hash by number: removing the first of
 * five servers would then move nearly everybody.
 */
export const serverIds = (servers: readonly Server[]): ReadonlyMap<Server, number> => {
  const taken = new Set<number>()
  return new Map(
    servers.map((server) => {
      let id = (fnv1a(server.name) % ids) + 1
      while (taken.has(id)) id = (id % ids) + 1
      taken.add(id)
      return [server, id]
    }),
  )
}

export interface BalanceView {
  /** Words after `balance`. */
  readonly balance: readonly string[]
  /** `hash-type consistent`: only the clients of a removed server move. */
  readonly isConsistent: boolean
  /** What a hash must have computed before. */
  readonly rules: readonly Rule[]
}

const plain = (words: readonly string[]): BalanceView => ({
  balance: words,
  isConsistent: false,
  rules: [],
})

const ipHash = ({ affinity }: Upstream, { findings }: Context): BalanceView => {
  report(
    findings,
    'haproxy-ip-hash',
    atValue([...affinity.path, 'method']),
    'ip_hash uses "balance source", which hashes the whole address, not its first three octets',
    null,
  )
  return { ...plain(['source']), isConsistent: true }
}

const hash = (
  key: string,
  isConsistent: boolean,
  path: readonly (string | number)[],
  context: Context,
): BalanceView => {
  const written = hashKey(key, path, context)
  if (written === null) return plain(['roundrobin'])
  report(
    context.findings,
    'haproxy-hash',
    atValue(path),
    `HAProxy and nginx hash "${key}" differently: clients reach other servers than under nginx`,
    null,
  )
  return { ...written, isConsistent }
}

/** The manual names a limit of 4,095 for `roundrobin`; 6,000 equal servers get equal shares on 2.2 and 3.2. */
const plainMethods = {
  round_robin: 'roundrobin',
  least_conn: 'leastconn',
  random: 'random',
} as const

/** A hash selects the server of every request: `balance` has no effect. */
const noteBalance = ({ affinity, balance, path }: Upstream, { findings }: Context): void => {
  if (balance.kind === 'round_robin') return
  notFollowed(
    findings,
    [...path, 'balance'],
    'HAProxy',
    `the affinity ${affinity.method} already selects the server of every request`,
    'remove balance, or use the affinity jvm_route or sticky, which work with every balancing method',
  )
}

/** The balancing method, with that of a hashing affinity in its place. */
export const balanceOf = (upstream: Upstream, context: Context): BalanceView => {
  const { affinity, balance, path } = upstream
  if (affinity.method === 'ip_hash' || affinity.method === 'hash') noteBalance(upstream, context)
  if (affinity.method === 'ip_hash') return ipHash(upstream, context)
  if (affinity.method === 'hash')
    return hash(affinity.key, affinity.consistent, [...affinity.path, 'key'], context)
  if (balance.kind === 'hash')
    return hash(balance.key, balance.consistent, [...path, 'balance', 'hash'], context)
  return plain([plainMethods[balance.kind]])
}
