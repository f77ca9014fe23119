import type { HaproxySetting } from '../../config/haproxy/effective.ts'
import { hashFormOf } from '../../dialects/haproxy/base/hash-forms.ts'
import { durationOf } from '../affinity.ts'
import type { Values } from '../draft.ts'
import { textOfFormat, variableOf } from './samples.ts'

/** The lines that apply in a section, those of `defaults` first. */
export type Settings = readonly HaproxySetting[]

const last = (settings: Settings, name: string): HaproxySetting | undefined =>
  settings.findLast((one) => one.name === name)

const defined = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** Actions of `http-request`, each with the words after it. */
const actionsOf = (settings: Settings): readonly (readonly string[])[] =>
  settings.filter(({ name }) => name === 'http-request').map(({ args }) => args)

/** `option persist` and `no option redispatch`: a session never changes its server. */
const isStrict = (settings: Settings): boolean =>
  settings.some(({ args, isOff, name }) => name === 'option' && args[0] === 'persist' && !isOff)

const strict = (settings: Settings): Values => (isStrict(settings) ? { onFailure: 'strict' } : {})

const valueAfter = (args: readonly string[], keyword: string): string | undefined => {
  const index = args.indexOf(keyword)
  return index === -1 ? undefined : args[index + 1]
}

/** `attr NAME=VALUE`, by name in lower case. */
const attributesIn = (args: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    args.flatMap((arg, index) => {
      const [name = '', value = ''] = args[index - 1] === 'attr' ? arg.split('=') : []
      return name === '' ? [] : [[name.toLowerCase(), value] as const]
    }),
  )

/** The path that a rule writes into the affinity cookie. */
const pathIn = (settings: Settings): string | undefined => {
  const rule = settings.find(
    ({ args, name }) =>
      name === 'http-after-response' && args[0] === 'replace-header' && /=\)\//.test(args[2] ?? ''),
  )
  return /^\\1(\/.*)\\2$/.exec(rule?.args[3] ?? '')?.[1]
}

const isSessionCookie = (name: string): boolean => /^(?:J?SESSION_?ID|SESSION)$/i.test(name)

const longestAge = '315360000'

const cookieAffinity = ({ args }: HaproxySetting, settings: Settings): Values => {
  const [cookie = '', ...words] = args
  const mode = words.find((word) => /^(?:insert|rewrite|prefix)$/.test(word))
  if (mode === 'prefix' && isSessionCookie(cookie))
    return {
      method: 'jvm_route',
      ...(cookie === 'JSESSIONID' ? {} : { cookie }),
      mode,
      ...strict(settings),
    }
  const has = (word: string): boolean => words.includes(word)
  const attributes = attributesIn(words)
  const age = attributes.get('max-age') ?? valueAfter(words, 'maxidle')
  return defined({
    method: 'sticky',
    by: 'cookie',
    cookie,
    expires: age === longestAge ? 'max' : age === undefined ? undefined : durationOf(age),
    domain: valueAfter(words, 'domain') ?? attributes.get('domain'),
    path: pathIn(settings),
    httpOnly: has('httponly') || undefined,
    secure: has('secure') || undefined,
    sameSite: attributes.get('samesite')?.toLowerCase(),
    mode: mode === 'insert' ? undefined : mode,
    indirect: mode === 'insert' && !has('indirect') ? false : undefined,
    nocache: mode !== 'prefix' && !has('nocache') ? false : undefined,
    ...strict(settings),
  })
}

/** Entries of a table as the zone of a spec: 256 bytes hold a session. */
const zoneOf = (size: string): string | undefined => {
  const [, number, unit = ''] = /^(\d+)([kmg]?)$/i.exec(size) ?? []
  const power = ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase())
  const bytes = Number(number) * 1024 ** power * 256
  if (!Number.isSafeInteger(bytes) || bytes <= 0) return undefined
  return bytes % 1024 === 0 ? `${bytes / 1024}k` : `${bytes}`
}

/** Sessions that a table learns from the application's answers. */
const learned = (settings: Settings): Values | null => {
  const sticks = settings.filter(({ args, name }) => name === 'stick' && args.length === 2)
  const samplesOf = (kind: string): readonly (string | null)[] =>
    sticks.flatMap(({ args }) => (args[0] === kind ? [variableOf(args[1] ?? '')] : []))
  const [create, lookup] = [samplesOf('store-response'), samplesOf('on')]
  const table = last(settings, 'stick-table')
  if (create.length === 0 || lookup.length === 0 || table === undefined) return null
  if ([...create, ...lookup].includes(null)) return null
  const zone = zoneOf(valueAfter(table.args, 'size') ?? '')
  const expire = valueAfter(table.args, 'expire') ?? ''
  return defined({
    method: 'sticky',
    by: 'learn',
    create,
    lookup,
    zone,
    timeout: durationOf(/^\d+$/.test(expire) ? `${expire}ms` : expire) ?? undefined,
  })
}

const plainText = (expression: string): string =>
  expression.replace(/\\+([.$^*+?()[\]{}|-])/g, '$1')

/** `use-server` with the route that rules take from the session id, or from variables. */
const byRoute = (settings: Settings): Values | null => {
  const uses = settings.some(
    ({ args, name }) => name === 'use-server' && args[0] === '%[var(txn.route)]',
  )
  if (!uses) return null
  const actions = actionsOf(settings)
  const joined = actions.map((words) => words.join(' '))
  const cookie = joined
    .map((text) => /^set-var\(txn\.session\) .* if \{ req\.cook\(([^)]+)\)/.exec(text)?.[1])
    .find((name) => name !== undefined)
  if (cookie === undefined) {
    const from = actions.flatMap(([action, sample = '']) =>
      action === 'set-var(txn.route)' ? [variableOf(sample)] : [],
    )
    if (from.length === 0 || from.includes(null)) return null
    return { method: 'sticky', by: 'route', from, ...strict(settings) }
  }
  const url = joined
    .map((text) => /^set-var\(txn\.session\) url,regsub\("[^"]*\)\?\?\)([^=]+)=/.exec(text)?.[1])
    .find((name) => name !== undefined)
  const isAtEnd = joined.some((text) => text.includes('var(txn.session),field(-1,.)'))
  const parameter = url === undefined ? undefined : plainText(url)
  return defined({
    method: 'jvm_route',
    cookie: cookie === 'JSESSIONID' ? undefined : cookie,
    url: parameter === cookie.toLowerCase() ? undefined : parameter,
    reverse: isAtEnd ? undefined : false,
    ...strict(settings),
  })
}

/** The key of a hash in variables; null: a spec cannot say it. */
const keyOf = (args: readonly string[], settings: Settings): string | null => {
  const [kind = '', value = ''] = (hashFormOf(args) ?? args.join(' ')).split(' ')
  if (kind === 'source') return '$remote_addr'
  if (kind !== 'hash') return null
  if (value !== 'var(txn.hash)') return variableOf(value)
  const rule = actionsOf(settings).find(([action]) => action === 'set-var-fmt(txn.hash)')
  return rule === undefined ? null : textOfFormat(rule[1] ?? '')
}

const hashOf = (settings: Settings) => {
  const balance = last(settings, 'balance')
  const key = balance === undefined ? null : keyOf(balance.args, settings)
  const isConsistent = last(settings, 'hash-type')?.args[0] === 'consistent'
  return key === null ? null : { key, isConsistent }
}

/** The affinity of a section; null: it has none that a spec can say. */
export const affinityIn = (settings: Settings): Values | null => {
  const cookie = last(settings, 'cookie')
  if (cookie !== undefined) return cookieAffinity(cookie, settings)
  const found = learned(settings) ?? byRoute(settings)
  if (found !== null) return found
  const hash = hashOf(settings)
  if (hash === null) return null
  if (hash.key === '$remote_addr' && hash.isConsistent) return { method: 'ip_hash' }
  const consistent = hash.isConsistent ? { consistent: true } : {}
  return { method: 'hash', key: hash.key, ...consistent }
}

/** How requests without a session are balanced; null: round robin, or by the affinity. */
export const balanceIn = (settings: Settings, affinity: Values | null): unknown => {
  const [method = 'roundrobin'] = last(settings, 'balance')?.args ?? []
  if (method === 'leastconn') return 'least_conn'
  if (/^random(?:\(2\))?$/.test(method)) return 'random'
  const isByHash = affinity !== null && /^(?:ip_hash|hash)$/.test(String(affinity['method']))
  const hash = hashOf(settings)
  if (hash === null || isByHash) return null
  return hash.isConsistent ? { hash: hash.key, consistent: true } : { hash: hash.key }
}
