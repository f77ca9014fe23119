import { didYouMean } from '../../diagnostics/suggest.ts'
import { type Address, parseAddress } from '../../model/address.ts'

/** What a user asks about. `affinity` and `balance` change the method; `reload` changes nothing. */
export type StoryEvent =
  | { readonly kind: 'reload' }
  | { readonly kind: ServerEventKind; readonly server: string }
  | { readonly kind: 'weight'; readonly server: string; readonly weight: number }
  | { readonly kind: 'add'; readonly server: string; readonly address: Address | null }
  | { readonly kind: 'affinity'; readonly method: AffinityName }
  | { readonly kind: 'balance'; readonly method: BalanceName }

const serverEvents = ['dies', 'returns', 'remove', 'drain', 'down', 'up'] as const
type ServerEventKind = (typeof serverEvents)[number]

export const affinityNames = [
  'none',
  'ip_hash',
  'hash',
  'consistent_hash',
  'jvm_route',
  'cookie',
] as const
export type AffinityName = (typeof affinityNames)[number]

export const balanceNames = ['round_robin', 'least_conn', 'random'] as const
export type BalanceName = (typeof balanceNames)[number]

/** What is wrong with an event, and what to write. */
export interface EventProblem {
  readonly problem: string
  readonly help: string | null
}

/** For the help and for messages. */
export const eventForms: readonly (readonly [form: string, meaning: string])[] = [
  ['dies=SERVER', 'the server does not answer any more'],
  ['returns=SERVER', 'it answers again, without the sessions that it had'],
  ['add=SERVER[@ADDRESS]', 'a server is added'],
  ['remove=SERVER', 'a server is removed'],
  ['drain=SERVER', 'the server gets no new clients'],
  ['down=SERVER', 'the server is marked as down'],
  ['up=SERVER', 'it is used again'],
  ['weight=SERVER:NUMBER', 'the server gets another weight'],
  [`affinity=METHOD`, `another affinity: ${affinityNames.join(', ')}`],
  [`balance=METHOD`, `another balancing method: ${balanceNames.join(', ')}`],
  ['reload', 'the proxy reads the same configuration again'],
]

const kinds = [...serverEvents, 'reload', 'add', 'weight', 'affinity', 'balance'] as const

const oneOf = <Name extends string>(names: readonly Name[], word: string): Name | undefined =>
  names.find((name) => name === word)

const formOf = (kind: string): string =>
  eventForms.find(([form]) => form.startsWith(kind))?.[0] ?? kind

const malformed = (text: string, kind: string): EventProblem => ({
  problem: `"${text}" is not an event`,
  help: `write ${formOf(kind)}`,
})

const weightOf = (text: string, value: string): StoryEvent | EventProblem => {
  const [, server, number] = /^([^:]+):(\d{1,5})$/.exec(value) ?? []
  const weight = Number(number)
  return server === undefined || weight < 1 || weight > 65_535
    ? malformed(text, 'weight')
    : { kind: 'weight', server, weight }
}

const addedOf = (text: string, value: string): StoryEvent | EventProblem => {
  const [server = '', written] = value.split('@')
  if (!/^[A-Za-z][\w.-]*$/.test(server)) return malformed(text, 'add')
  if (written === undefined) return { kind: 'add', server, address: null }
  const address = parseAddress(written)
  return typeof address === 'string'
    ? { problem: `"${text}" is not an event: ${address}`, help: `write ${formOf('add')}` }
    : { kind: 'add', server, address }
}

const methodOf = <Name extends string, Event>(
  text: string,
  names: readonly Name[],
  word: string,
  event: (method: Name) => Event,
): Event | EventProblem => {
  const method = oneOf(names, word)
  return method === undefined
    ? { problem: `"${text}" is not an event: "${word}" is unknown`, help: didYouMean(word, names) }
    : event(method)
}

/** Reads an event of the command line. */
export const parseEvent = (text: string): StoryEvent | EventProblem => {
  const equals = text.indexOf('=')
  const word = equals === -1 ? text : text.slice(0, equals)
  const value = equals === -1 ? '' : text.slice(equals + 1)
  const kind = oneOf(kinds, word)
  if (kind === undefined)
    return { problem: `"${text}" is not an event`, help: didYouMean(word, kinds) }
  if (kind === 'reload') return equals === -1 ? { kind } : malformed(text, kind)
  if (value === '') return malformed(text, kind)
  switch (kind) {
    case 'weight':
      return weightOf(text, value)
    case 'add':
      return addedOf(text, value)
    case 'affinity':
      return methodOf(text, affinityNames, value, (method) => ({ kind, method }))
    case 'balance':
      return methodOf(text, balanceNames, value, (method) => ({ kind, method }))
    default:
      return { kind, server: value }
  }
}

/** For tables. */
export const eventTitle = (event: StoryEvent): string => {
  switch (event.kind) {
    case 'reload':
      return 'reload'
    case 'dies':
    case 'returns':
      return `${event.server} ${event.kind}`
    case 'remove':
      return `${event.server} is removed`
    case 'drain':
      return `${event.server} is drained`
    case 'down':
    case 'up':
      return `${event.server} is ${event.kind}`
    case 'weight':
      return `${event.server} gets weight ${event.weight}`
    case 'add':
      return `${event.server} is added`
    case 'affinity':
    case 'balance':
      return `${event.kind} ${event.method}`
  }
}
