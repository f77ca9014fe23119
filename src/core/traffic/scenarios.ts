import type { EventName } from './exchange.ts'
import type { Behaviour, Scenario, Size, Step } from './scenario.ts'

const atFirst = (each: number): Step => ({ kind: 'requests', phase: 'before', each })
const afterwards = (each: number): Step => ({ kind: 'requests', phase: 'after', each })
const newcomers: Step = { kind: 'requests', phase: 'newcomers', each: 1 }

const ordinary = ({ clients }: Size): Omit<Behaviour, 'steps'> => ({
  clients,
  newcomers: 0,
  session: 'cookie',
  source: 'own',
  isForwarded: false,
  parallel: 1,
  waiting: 0,
})

/** Requests before, during and after an event. */
const withEvent = (event: EventName, { requests }: Size): readonly Step[] => [
  atFirst(3),
  { kind: 'event', event, underLoad: true },
  afterwards(Math.max(2, requests)),
]

/** Many idle connections show no more than a few. */
const mostUpgrades = 10

/** A random choice is well above it with 100 clients, see docs/verify.md. */
const evenEnough = { figure: 'even', minimum: 0.5 } as const
const allAnswered = { figure: 'answered', minimum: 1 } as const
const allSticky = { figure: 'sticky', minimum: 1 } as const
const allKept = { figure: 'kept', minimum: 1 } as const

/**
 * In the order of the run. Distribution is tested first, because some balancers count requests of existing
 * sessions when they choose servers for new clients. Events come last.
 */
export const scenarios: readonly Scenario[] = [
  {
    name: 'spread',
    title: 'New clients are spread over the servers',
    claim: 'new clients are distributed over the servers according to their weights',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), steps: [atFirst(1)] }),
    checks: [evenEnough, allAnswered],
  },
  {
    name: 'nat',
    title: 'Many clients behind one address',
    claim:
      'clients that share one address (an office, a mobile network) are distributed like other clients',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), source: 'one', steps: [atFirst(1)] }),
    checks: [evenEnough, allAnswered],
  },
  {
    name: 'subnet',
    title: 'Clients of one /24 network',
    claim:
      'clients whose addresses differ only in the last octet are distributed like other clients',
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      source: 'subnet',
      isForwarded: true,
      steps: [atFirst(1)],
    }),
    checks: [evenEnough, allAnswered],
  },
  {
    name: 'cdn',
    title: 'Clients behind a CDN',
    claim: 'clients whose requests arrive from changing addresses of a CDN stay on their server',
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      source: 'edges',
      isForwarded: true,
      steps: [atFirst(Math.max(2, Math.min(size.requests, 6)))],
    }),
    checks: [allSticky, evenEnough, allAnswered],
  },
  {
    name: 'sticky',
    title: 'Requests stay on their server',
    claim: 'every request of a client goes to the server of its previous request',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), steps: [atFirst(Math.max(2, size.requests))] }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'sites',
    title: 'One browser on all frontends',
    claim:
      'a client that alternates between all frontends and upstreams keeps its server in each of them',
    usesAllEntryPoints: true,
    events: [],
    behaviour: (size) => ({ ...ordinary(size), steps: [atFirst(Math.max(3, size.requests))] }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'parallel',
    title: 'Parallel requests of a browser',
    claim: 'parallel requests of two browsers all go to the server of their session',
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      clients: 2,
      parallel: 6,
      steps: [atFirst(1), afterwards(Math.max(12, size.requests))],
    }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'url',
    title: 'Session ids in URLs',
    claim: 'a client without cookies, with the session id in the URL, stays on its server',
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      session: 'url',
      steps: [atFirst(Math.max(2, size.requests))],
    }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'upgrade',
    title: 'Upgraded connections (WebSocket)',
    claim:
      'connections are upgraded, stay open while they are idle, and the next one of a client goes to the same server',
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      clients: Math.min(size.clients, mostUpgrades),
      steps: [
        atFirst(1),
        { kind: 'upgrade', phase: 'before', idleMs: size.idleMs },
        { kind: 'upgrade', phase: 'after', idleMs: 0 },
        afterwards(1),
      ],
    }),
    checks: [
      { figure: 'open', minimum: 1 },
      { figure: 'upgraded', minimum: 1 },
      allSticky,
      allAnswered,
    ],
  },
  {
    name: 'slow',
    title: 'One slow answer',
    claim: 'an answer that takes long is received, and no session is lost meanwhile',
    isForLab: true,
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      steps: [
        atFirst(2),
        { kind: 'slow', waitMs: size.slowMs },
        afterwards(Math.max(2, size.requests)),
      ],
    }),
    checks: [allKept, allAnswered],
  },
  {
    name: 'kill',
    title: 'A server is killed',
    claim: 'the sessions of a killed server continue on the other servers',
    events: ['kill-server'],
    behaviour: (size) => ({ ...ordinary(size), steps: withEvent('kill-server', size) }),
    checks: [allKept],
  },
  {
    name: 'back',
    title: 'A killed server is started again',
    claim: 'a server that was started again receives new clients, and no session is lost',
    events: ['kill-server', 'start-server'],
    behaviour: (size) => ({
      ...ordinary(size),
      newcomers: size.clients,
      steps: [
        { kind: 'event', event: 'kill-server', underLoad: false },
        atFirst(3),
        { kind: 'event', event: 'start-server', underLoad: true },
        afterwards(Math.max(2, size.requests)),
        newcomers,
      ],
    }),
    checks: [allKept, { figure: 'rejoined', minimum: 1 }],
  },
  {
    name: 'drain',
    title: 'A server is drained',
    claim: 'a drained server keeps its sessions and receives no new clients',
    events: ['drain-server'],
    behaviour: (size) => ({
      ...ordinary(size),
      newcomers: size.clients,
      steps: [...withEvent('drain-server', size), newcomers],
    }),
    checks: [allKept, allSticky, { figure: 'avoided', minimum: 1 }, allAnswered],
  },
  {
    name: 'rolling',
    title: 'Rolling restart of all servers',
    claim: 'sessions survive a restart of all servers, one at a time',
    events: ['restart-servers'],
    behaviour: (size) => ({ ...ordinary(size), steps: withEvent('restart-servers', size) }),
    checks: [allKept],
  },
  {
    name: 'store',
    title: 'The session store is restarted',
    claim: 'sessions survive a restart of the session store',
    events: ['restart-store'],
    behaviour: (size) => ({ ...ordinary(size), steps: withEvent('restart-store', size) }),
    checks: [allKept],
  },
]
