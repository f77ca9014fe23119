import type { SpecPath } from '../diagnostics/diagnostic.ts'
import { balancingWords } from './foreign-words/balancing.ts'
import { otherWords } from './foreign-words/others.ts'
import { storeWords } from './foreign-words/stores.ts'
import { formNamedAt } from './known-keys.ts'
import { valueAt } from './value-at.ts'

/** The message and remedy for a word of another product; `{word}` is replaced by the word. */
export interface Advice {
  readonly message: string
  readonly help: string
}

/** `Least-Conn`, `leastconn` and `least_conn` are one word. */
const plain = (word: string): string => word.toLowerCase().replace(/[\s_-]/g, '')

const find = (table: Readonly<Record<string, Advice>>, word: string): Advice | null => {
  const wanted = plain(word)
  const known = Object.entries(table).find(([words]) =>
    words.split(' ').some((each) => plain(each) === wanted),
  )
  return known?.[1] ?? null
}

/** `hdr(Host)`, `url_param id`, `random(2)` of HAProxy: looked up by the name of the function. */
const withArgument = (word: string): Advice | null => {
  const [, name = '', argument] = /^([\w-]+)[\s(]+([\w-]+)/.exec(word) ?? []
  const advice = find(balancingWords, name)
  if (advice === null || argument === undefined) return advice
  const variable = argument.toLowerCase().replaceAll('-', '_')
  return { ...advice, help: advice.help.replace(/(\$http_|\$arg_)\w+/, `$1${variable}`) }
}

/** Whether a path is that of an upstream's balancing or affinity method. */
const isBalancing = (path: SpecPath): boolean =>
  path[0] === 'upstreams' &&
  (path.length === 3 || path[2] === 'affinity') &&
  ['balance', 'affinity', 'method', 'by'].includes(String(path.at(-1)))

/** Advice for a value that is not in the schema; null: no known product uses this word. */
export const foreignValue = (path: SpecPath, word: string, data: unknown): Advice | null => {
  if (formNamedAt(path, word) !== null) return null
  if (isBalancing(path)) return find(balancingWords, word) ?? withArgument(word)
  const field = String(path.findLast((key) => typeof key === 'string'))
  if (field === 'store') {
    const runtime = valueAt(data, [...path.slice(0, -2), 'runtime'])
    const table = storeWords[String(runtime)]
    return (table && find(table, word)) ?? null
  }
  const table = otherWords[field]
  return (table && find(table, word)) ?? null
}

/** Advice for an unknown key of an upstream: `ip_hash: true`, `sticky: …`, `lb_method: …`. */
export const foreignKey = (path: SpecPath, key: string): Advice | null =>
  path[0] === 'upstreams' && path.length === 2 ? find(balancingWords, key) : null
