import type { HaproxyStatement } from '../../config/haproxy/config.ts'
import type { ServerDraft, Values } from '../draft.ts'

const isServerLine = ({ args, name }: HaproxyStatement): boolean =>
  /^server(?:-template)?$/.test(name) && args.length >= 2

export const serverLines = (lines: readonly HaproxyStatement[]): readonly HaproxyStatement[] =>
  lines.filter(isServerLine)

/** `ipv4@10.0.0.1:80`, `unix@/path` or `/path` as the spec writes it. */
const addressOf = (written: string): string => {
  const plain = written.replace(/^(?:ipv4|ipv6|tcp|tcp4|tcp6)@/, '')
  const [, socket] = /^(?:unix@)?(\/.+)$/.exec(plain) ?? []
  return socket === undefined ? plain : `unix:${socket}`
}

const hostAndPort = (address: string): Pick<ServerDraft, 'host' | 'port'> => {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? []
  return address.startsWith('unix:') || host === undefined
    ? { host: null, port: null }
    : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

const valueAfter = (words: readonly string[], keyword: string): string | undefined => {
  const index = words.indexOf(keyword)
  return index === -1 ? undefined : words[index + 1]
}

const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined

const stateOf = (words: readonly string[], weight: string | undefined): string | undefined => {
  if (words.includes('disabled')) return 'down'
  if (words.includes('backup')) return 'backup'
  return weight === '0' ? 'drain' : undefined
}

/** What a `server` line says; other parameters stay in the file. */
const valuesOf = (words: readonly string[]): Values => {
  const weight = valueAfter(words, 'weight')
  const values = {
    weight: weight === '1' ? undefined : countOf(weight),
    maxConns: countOf(valueAfter(words, 'maxconn')),
    minConns: countOf(valueAfter(words, 'minconn')),
    state: stateOf(words, weight),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** The numbers of a `server-template`: `5` or `1-5`. */
const numbersOf = (range: string): number | null => {
  const [, first = '1', last] = /^(?:(\d+)-)?(\d+)$/.exec(range) ?? []
  return first === '1' && last !== undefined ? Number(last) : null
}

/** @param isNamed requests name the server, so that its name is its route. */
export const serverOf = ({ args, name }: HaproxyStatement, isNamed: boolean): ServerDraft => {
  const isTemplate = name === 'server-template'
  const [own = '', ...rest] = args
  const [written = '', ...words] = isTemplate ? rest.slice(1) : rest
  const most = isTemplate ? numbersOf(rest[0] ?? '') : null
  const address = addressOf(written)
  return {
    name: isTemplate ? null : own,
    address,
    ...hostAndPort(address),
    route: isNamed ? own : (valueAfter(words, 'cookie') ?? null),
    values: {
      ...valuesOf(words),
      ...(isTemplate ? { resolve: true, ...(most === null ? {} : { maxAddresses: most }) } : {}),
    },
  }
}
