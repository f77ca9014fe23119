import { type Backend, type BackendServer, isFull, isUsable, weightScale } from './backend.ts'
import { type Method, nothingMoved } from './method.ts'

const heaviest = 4096

/** A server on its way through a round. */
interface Runner {
  readonly server: BackendServer
  readonly weight: number
  /** The place of its next turn in the round. */
  next: number
  last: number
  rest: number
  /** Which list it is in. */
  list: Runner[] | null
  key: number
}

/** One round of a group: those whose turn has a place, those that begin, those of the next round. */
interface Round {
  readonly runners: ReadonlyMap<BackendServer, Runner>
  current: Runner[]
  first: Runner[]
  later: Runner[]
  place: number
  length: number
  /** Of the servers that are usable now; a round takes it up when it begins. */
  weight: number
}

export interface Rounds {
  readonly active: Round
  readonly backup: Round
}

/** Behind those with an equal key. */
const firstAbove = (list: readonly Runner[], key: number): number => {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle]?.key ?? 0) <= key) low = middle + 1
    else high = middle
  }
  return low
}

const add = (list: Runner[], runner: Runner, key: number): void => {
  runner.key = key
  runner.list = list
  list.splice(firstAbove(list, key), 0, runner)
}

/** The heaviest first. */
const addByWeight = (list: Runner[], runner: Runner): void =>
  add(list, runner, heaviest - runner.weight)

const remove = (runner: Runner): void => {
  const at = runner.list?.indexOf(runner) ?? -1
  if (at !== -1) runner.list?.splice(at, 1)
}

const roundOf = (servers: readonly BackendServer[]): Round => {
  const runners = servers.map((server) => ({
    server,
    weight: server.server.weight * weightScale,
    next: 0,
    last: 0,
    rest: 0,
    list: null,
    key: 0,
  }))
  const usable = runners.filter(({ server }) => isUsable(server))
  const weight = usable.reduce((sum, runner) => sum + runner.weight, 0)
  const round: Round = {
    runners: new Map(runners.map((runner) => [runner.server, runner])),
    current: [],
    first: [],
    later: [],
    place: weight,
    length: weight,
    weight,
  }
  for (const runner of usable) addByWeight(round.first, runner)
  return round
}

/** What does not fit into this round comes in the next one. */
const queue = (round: Round, runner: Runner): void => {
  if (runner.next >= 2 * round.length || runner.next >= round.length + round.weight) {
    runner.next -= round.length
    addByWeight(round.later, runner)
    return
  }
  const rest = Math.trunc((heaviest + runner.rest - runner.weight) / weightScale)
  add(round.current, runner, 256 * runner.next + rest)
}

const beginRound = (round: Round): void => {
  const empty = round.first
  round.first = round.later
  round.later = empty
  round.length = round.weight
  round.place = round.weight
}

const headOf = ({ current, first, place }: Round): Runner | null => {
  const [due] = current
  if (due !== undefined && due.next <= place) return due
  const [beginner] = first
  if (beginner === undefined) return due ?? null
  beginner.next = 0
  beginner.rest = 0
  return beginner
}

const advance = (round: Round, runner: Runner): void => {
  if (runner.next === 0) runner.next = round.place
  runner.last = runner.next
  runner.next += Math.trunc(round.weight / runner.weight)
  runner.rest += round.weight % runner.weight
  if (runner.rest < runner.weight) return
  runner.rest -= runner.weight
  runner.next += 1
}

/** Full servers, and the one to avoid, lose their turn and are queued again. */
const nextOf = (round: Round, avoided: BackendServer | null): BackendServer | null => {
  const skipped: Runner[] = []
  let hasBegun = false
  let passed: Runner | null = null
  let chosen: Runner | null = null
  while (chosen === null) {
    if (round.length === 0) {
      round.length = round.weight
      round.place = round.weight
    }
    const head = headOf(round)
    if (head === null) {
      if (hasBegun) break
      hasBegun = true
      beginRound(round)
      continue
    }
    advance(round, head)
    remove(head)
    round.place += 1
    const mayServe = !isFull(head.server)
    if (mayServe && (head.server !== avoided || passed !== null)) {
      chosen = head
      break
    }
    if (mayServe) passed = head
    skipped.push(head)
  }
  const taken = chosen ?? passed
  if (taken !== null) queue(round, taken)
  for (const runner of skipped.reverse()) {
    if (runner === taken) continue
    if (hasBegun) addByWeight(round.first, runner)
    else queue(round, runner)
  }
  return taken?.server ?? null
}

const stop = (round: Round, runner: Runner): void => {
  remove(runner)
  runner.list = null
  round.weight -= runner.weight
}

const resume = (round: Round, runner: Runner): void => {
  round.weight += runner.weight
  runner.next =
    round.place + Math.trunc((round.weight + round.length - round.place) / runner.weight)
  queue(round, runner)
}

const isBackup = ({ server }: BackendServer): boolean => server.state === 'backup'

const isActive = ({ list }: Runner): boolean => list !== null

/** `roundrobin`: each server has as many turns in a round as its weight says, evenly spread. */
export const roundRobin: Method<Rounds> = {
  start: ({ servers }) => ({
    active: roundOf(servers.filter((server) => !isBackup(server))),
    backup: roundOf(servers.filter(isBackup)),
  }),
  next: ({ active, backup }, { servers, allBackups }: Backend, _, avoided) => {
    if (active.weight > 0) return nextOf(active, avoided)
    if (allBackups) return nextOf(backup, avoided)
    return servers.find((server) => isBackup(server) && isUsable(server)) ?? null
  },
  changed: ({ active, backup }, _, server) => {
    const round = isBackup(server) ? backup : active
    const runner = round.runners.get(server)
    if (runner === undefined || isActive(runner) === isUsable(server)) return
    if (isActive(runner)) stop(round, runner)
    else resume(round, runner)
  },
  moved: nothingMoved,
}
