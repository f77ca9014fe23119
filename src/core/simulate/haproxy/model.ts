import type { Answer, Model } from '../model.ts'
import { type Random, randomFrom } from '../random.ts'
import type { Request } from '../request.ts'
import type { SimulatedServer } from '../server.ts'
import type { Affinity, Wish } from './affinity.ts'
import { type Backend, type BackendServer, backendOf } from './backend.ts'
import type { Method } from './method.ts'

export interface HaproxyOptions {
  /** `retries`, each with `option redispatch 1`. */
  readonly retries: number
  readonly allBackups: boolean
  readonly seed: number
}

export const haproxyDefaults: HaproxyOptions = { retries: 3, allBackups: true, seed: 1 }

export interface HaproxyState<Balance, Memory> {
  readonly backend: Backend
  readonly balance: Balance
  readonly memory: Memory
  readonly random: Random
}

export interface HaproxyAnswer extends Answer {
  readonly request: Request
  readonly target: BackendServer | null
}

interface Tries {
  readonly target: BackendServer | null
  readonly failed: readonly string[]
}

const noNames: readonly string[] = []

/** Sends the request to a server, and to others while it fails. */
const tryServers = (
  first: BackendServer | null,
  retries: number,
  other: (avoided: BackendServer) => BackendServer | null,
): Tries => {
  if (first === null || first.isAlive) return { target: first, failed: noNames }
  const failed: string[] = []
  let target: BackendServer | null = first
  while (target !== null && !target.isAlive) {
    failed.push(target.server.name)
    if (failed.length > retries) return { target: null, failed }
    target = other(target)
  }
  return { target, failed }
}

/** A backend with a balancing method and an affinity. */
export const haproxyBackend = <Balance, Memory>(
  method: Method<Balance>,
  affinity: Affinity<Memory>,
  options: HaproxyOptions = haproxyDefaults,
): Model<HaproxyState<Balance, Memory>, HaproxyAnswer> => {
  type State = HaproxyState<Balance, Memory>

  const start = (servers: readonly SimulatedServer[], before: State | null = null): State => {
    const backend = backendOf(servers, options.allBackups)
    const dead = new Map(before?.backend.servers.map((each) => [each.server.name, each]))
    for (const each of backend.servers) {
      each.isAlive = dead.get(each.server.name)?.isAlive ?? true
      // After a reload, HAProxy takes every server for up until a check fails.
      each.isStopped = false
    }
    return {
      backend,
      balance: method.start(backend),
      memory: affinity.start(before?.memory ?? null),
      random: before?.random ?? randomFrom(options.seed),
    }
  }

  const answer = (state: State, request: Request, wish: Wish): Tries => {
    const { backend, balance, random } = state
    const next = (avoided: BackendServer | null): BackendServer | null =>
      method.next(balance, backend, request, avoided, random)
    if (wish.kind === 'refused') return { target: null, failed: [] }
    const first = wish.kind === 'server' ? wish.server : next(null)
    const isStrict = affinity.strict && wish.kind === 'server'
    return tryServers(first, isStrict ? 0 : options.retries, next)
  }

  const count = ({ backend, balance }: State, target: BackendServer, by: 1 | -1): void => {
    target.served += by
    backend.served += by
    method.moved(balance, target)
  }

  const change = (
    { backend, balance }: State,
    name: string,
    flags: Partial<Pick<BackendServer, 'isAlive' | 'isStopped'>>,
  ): void => {
    const server = backend.servers.find((each) => each.server.name === name)
    if (server === undefined) return
    const wasStopped = server.isStopped
    Object.assign(server, flags)
    if (server.isStopped !== wasStopped) method.changed(balance, backend, server)
  }

  return {
    start: (servers) => start(servers),
    begin: (state, request) => {
      const wish = affinity.wishOf(state.memory, state.backend, request)
      const { target, failed } = answer(state, request, wish)
      const isWished = wish.kind === 'server' && wish.server === target
      if (target !== null) count(state, target, 1)
      return {
        server: target?.server.name ?? null,
        failed,
        setCookies: target === null ? [] : affinity.setCookies(target, request, isWished),
        request,
        target,
      }
    },
    end: (state, { request, target }, response) => {
      if (target === null) return []
      count(state, target, -1)
      return affinity.end(state.memory, request, target, response)
    },
    after: (state, event) => {
      if (event.kind === 'reload') return start(event.servers, state)
      if (event.kind === 'dies') change(state, event.server, { isAlive: false })
      else if (event.kind === 'noticed') change(state, event.server, { isStopped: true })
      else change(state, event.server, { isAlive: true, isStopped: false })
      return state
    },
  }
}
