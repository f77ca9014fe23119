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
})

/** Clients have sessions, something happens while they ask, and they go on asking. */
const asking = (event: EventName, { requests }: Size): readonly Step[] => [
  atFirst(3),
  { kind: 'event', event, underLoad: true },
  afterwards(Math.max(2, requests)),
]

/** What fair dice do with a hundred clients is well above it; docs/verify.md has the figures. */
const evenEnough = { figure: 'even', least: 0.5 } as const
const allAnswered = { figure: 'answered', least: 1 } as const
const allSticky = { figure: 'sticky', least: 1 } as const
const allKept = { figure: 'kept', least: 1 } as const

/**
 * In the order in which they are run. Clients spread before they stay: a balancer that counts pinned
 * requests, too, sends new clients to whom it owes some. Nothing dies before it is known how things were.
 */
export const scenarios: readonly Scenario[] = [
  {
    name: 'spread',
    title: 'Clients spread',
    claim: 'new clients spread over the servers by their weights',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), steps: [atFirst(1)] }),
    checks: [evenEnough, allAnswered],
  },
  {
    name: 'nat',
    title: 'Many clients behind one address',
    claim: 'clients that share an address (an office, a mobile network) spread as others do',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), source: 'one', steps: [atFirst(1)] }),
    checks: [evenEnough, allAnswered],
  },
  {
    name: 'subnet',
    title: 'Clients of one /24 network',
    claim: 'clients whose addresses differ in the last number only spread as others do',
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
    title: 'A CDN in front',
    claim: 'clients whom a CDN brings, now by one address of its own and now by another, stay',
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
    title: 'Sessions stay',
    claim: 'every request of a client goes to the server of the one before',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), steps: [atFirst(Math.max(2, size.requests))] }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'sites',
    title: 'A browser uses all sites in turn',
    claim:
      'a client that goes from one frontend or upstream to another and back keeps its server in each',
    entrances: 'all',
    events: [],
    behaviour: (size) => ({ ...ordinary(size), steps: [atFirst(Math.max(3, size.requests))] }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'parallel',
    title: 'Parallel requests of a browser',
    claim: 'requests that two browsers send at once all go to the server of each one’s session',
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
    title: 'Sessions in URLs',
    claim: 'a client without cookies, whose session id is in the URL, stays on its server',
    events: [],
    behaviour: (size) => ({
      ...ordinary(size),
      session: 'url',
      steps: [atFirst(Math.max(2, size.requests))],
    }),
    checks: [allSticky, allAnswered],
  },
  {
    name: 'kill',
    title: 'A server is killed',
    claim: 'sessions of a server that dies are known to the others',
    events: ['kill-server'],
    behaviour: (size) => ({ ...ordinary(size), steps: asking('kill-server', size) }),
    checks: [allKept],
  },
  {
    name: 'back',
    title: 'A server comes back',
    claim: 'a server that comes back gets clients again, and no session is lost for it',
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
    checks: [allKept, { figure: 'rejoined', least: 1 }],
  },
  {
    name: 'drain',
    title: 'A server is drained',
    claim: 'a drained server keeps its sessions, and no new client is sent there',
    events: ['drain-server'],
    behaviour: (size) => ({
      ...ordinary(size),
      newcomers: size.clients,
      steps: [...asking('drain-server', size), newcomers],
    }),
    checks: [allKept, allSticky, { figure: 'avoided', least: 1 }, allAnswered],
  },
  {
    name: 'rolling',
    title: 'All servers restart, one after another',
    claim: 'sessions live on while each server is stopped, started and waited for in turn',
    events: ['restart-servers'],
    behaviour: (size) => ({ ...ordinary(size), steps: asking('restart-servers', size) }),
    checks: [allKept],
  },
  {
    name: 'store',
    title: 'The session store restarts',
    claim: 'sessions live on when their store is restarted',
    events: ['restart-store'],
    behaviour: (size) => ({ ...ordinary(size), steps: asking('restart-store', size) }),
    checks: [allKept],
  },
]
