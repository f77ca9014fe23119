import {
  afterResponse,
  type ClientState,
  type Endpoint,
  newClientState,
  nextRequest,
  shuffled,
  withWait,
} from '../../core/traffic/client.ts'
import type {
  ClusterEvent,
  EventName,
  Observation,
  Phase,
  UpgradeOutcome,
} from '../../core/traffic/exchange.ts'
import type { Identification } from '../../core/traffic/identity.ts'
import { observe } from '../../core/traffic/observe.ts'
import type { Behaviour, ScenarioRun } from '../../core/traffic/scenario.ts'
import type { HttpClient, HttpRequest, HttpResult } from '../../ports/traffic.ts'
import type { Clock } from '../../ports.ts'
import { mapAtMost } from '../map-at-most.ts'

/** The limits of the load on the balancer. */
export interface Load {
  /** Number of parallel requests. */
  readonly concurrency: number
  /** Requests per second; null: unlimited. */
  readonly rate: number | null
}

/** A place where requests are sent to, with the way in which its responses are read. */
export interface Entry {
  readonly client: HttpClient
  readonly endpoint: Endpoint
  readonly identification: Identification
  /** Entries with the same number have the same sessions. */
  readonly site: number
}

export interface DriveOptions {
  /** Each client uses them in turn. */
  readonly entries: readonly [Entry, ...Entry[]]
  readonly load: Load
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Changes the cluster; returns the name of the affected server, or null if it is not one server. */
export type TriggerEvent = (event: EventName) => Promise<string | null>

/** During an event, each client sends a request at most this often. */
const roundMs = 200

/** Waits until the next request is due. */
const paced = ({ load, clock, signal }: DriveOptions) => {
  let next = clock.ticks()
  return async (): Promise<void> => {
    signal.throwIfAborted()
    if (load.rate === null) return
    const at = Math.max(clock.ticks(), next)
    next = at + 1000 / load.rate
    const early = at - clock.ticks()
    if (early > 0) await clock.wait(early)
  }
}

const range = (start: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => start + index)

/** Sends the requests of a scenario, triggers its events and records both. */
export const runScenario = async (
  behaviour: Behaviour,
  options: DriveOptions,
  trigger: TriggerEvent,
): Promise<ScenarioRun> => {
  const { entries, load, clock, signal } = options
  const startMs = clock.ticks()
  const sinceStart = () => clock.ticks() - startMs
  const states = new Map<number, ClientState>()
  const requestCounts = new Map<number, number>()
  const observations: Observation[] = []
  const clusterEvents: ClusterEvent[] = []
  const waitForTurn = paced(options)

  /** Sends the next request of a client by `ask`; the result is recorded by the returned function. */
  const exchangeOne = async <Result extends HttpResult>(
    client: number,
    phase: Phase,
    pathOf: (endpoint: Endpoint) => string,
    ask: (http: HttpClient, request: HttpRequest) => Promise<Result>,
  ) => {
    await waitForTurn()
    const nth = requestCounts.get(client) ?? 0
    requestCounts.set(client, nth + 1)
    const entry = entries[nth % entries.length] ?? entries[0]
    const { identification, site } = entry
    const endpoint = { ...entry.endpoint, path: pathOf(entry.endpoint) }
    const state = states.get(client) ?? newClientState
    const request = nextRequest(client, nth, state, behaviour, identification, endpoint)
    const { path, headers, localAddress, cookies, urlSession } = request
    const atMs = sinceStart()
    const result = await ask(entry.client, { path, headers, localAddress, client })
    signal.throwIfAborted()
    const tookMs = sinceStart() - atMs
    const { response, failure } = result
    if (response !== null) {
      // Read again: a parallel response may have changed it meanwhile.
      const current = states.get(client) ?? newClientState
      states.set(client, afterResponse(current, response, identification, endpoint, clock.now()))
    }
    const record = (upgrade: UpgradeOutcome | null): void => {
      const sent = { client, phase, atMs, tookMs, cookies, urlSession }
      const observed = observe({ ...sent, response, failure, upgrade }, identification)
      // The requests of one browser to two sites count as those of two clients.
      observations.push({ ...observed, client: client * entries.length + site })
    }
    return { result, record }
  }

  const sendOne = async (
    client: number,
    phase: Phase,
    pathOf = ({ path }: Endpoint) => path,
  ): Promise<void> => {
    const { record } = await exchangeOne(client, phase, pathOf, (http, asked) => http.send(asked))
    record(null)
  }

  /** All connections are idle at the same time. */
  const upgradeAll = async (phase: Phase, idleMs: number): Promise<void> => {
    const open = (client: number) =>
      exchangeOne(
        client,
        phase,
        ({ upgradePath }) => upgradePath,
        (http, asked) => http.upgrade(asked),
      )
    const opened = await mapAtMost(load.concurrency, inChangingOrder(clientsOf(phase)), open)
    if (opened.some(({ result }) => result.connection !== null)) await clock.wait(idleMs)
    await mapAtMost(load.concurrency, opened, async ({ result: { connection }, record }) => {
      const isOpen = connection !== null && (await connection.ping())
      const closedMs = connection?.closedMs() ?? null
      record({ idleMs, isUpgraded: connection !== null, isOpen, closedMs })
      connection?.close()
    })
  }

  const clientsOf = (phase: Phase): readonly number[] =>
    phase === 'newcomers'
      ? range(behaviour.clients, behaviour.newcomers)
      : range(0, behaviour.clients)

  let round = 0
  /** In a fixed order of clients, round robin over the servers would look sticky. */
  const inChangingOrder = (clients: readonly number[]) => shuffled(clients, ++round)
  const inOrder = (clients: readonly number[]) => clients

  const sendRequests = async (
    phase: Phase,
    each: number,
    clients = clientsOf(phase),
    orderOf = inChangingOrder,
  ): Promise<void> => {
    if (behaviour.parallel > 1) {
      const jobs = orderOf(range(0, each).flatMap(() => clients))
      await mapAtMost(clients.length * behaviour.parallel, jobs, (client) => sendOne(client, phase))
      return
    }
    for (let nth = 0; nth < each; nth++)
      await mapAtMost(load.concurrency, orderOf(clients), (client) => sendOne(client, phase))
  }

  const sendUntil = async (isOver: () => boolean, clients?: readonly number[]): Promise<void> => {
    while (!isOver()) {
      const roundStart = clock.ticks()
      await sendRequests('during', 1, clients)
      const early = roundStart + roundMs - clock.ticks()
      if (early > 0 && !isOver()) await clock.wait(early)
    }
  }

  const runEvent = async (event: EventName, underLoad: boolean): Promise<void> => {
    const atMs = sinceStart()
    let isOver = false
    const triggered = trigger(event).finally(() => {
      isOver = true
    })
    const busy = range(0, behaviour.clients - behaviour.waiting)
    const [server] = await Promise.all([
      triggered,
      underLoad ? sendUntil(() => isOver, busy) : null,
    ])
    clusterEvents.push({ event, server, atMs, endMs: sinceStart() })
  }

  const sendSlow = async (waitMs: number): Promise<void> => {
    const [slow = 0, ...others] = clientsOf('during')
    let isOver = false
    const answer = sendOne(slow, 'during', ({ path }) => withWait(path, waitMs)).finally(() => {
      isOver = true
    })
    await Promise.all([answer, sendUntil(() => isOver, others)])
  }

  for (const step of behaviour.steps) {
    switch (step.kind) {
      case 'requests':
        await sendRequests(
          step.phase,
          step.each,
          clientsOf(step.phase),
          step.isInOrder === true ? inOrder : inChangingOrder,
        )
        break
      case 'upgrade':
        await upgradeAll(step.phase, step.idleMs)
        break
      case 'slow':
        await sendSlow(step.waitMs)
        break
      case 'event':
        await runEvent(step.event, step.underLoad)
    }
  }
  return { observations, clusterEvents }
}
