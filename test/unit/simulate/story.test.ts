import { describe, expect, test } from 'vitest'
import {
  clientsFrom,
  listedAddresses,
  loggedClients,
} from '../../../src/core/simulate/population/read.ts'
import { clientsOfShape } from '../../../src/core/simulate/population/shapes.ts'
import { applied, problemOf } from '../../../src/core/simulate/story/apply.ts'
import { eventForms, parseEvent, type StoryEvent } from '../../../src/core/simulate/story/event.ts'
import { tell, usualEvents } from '../../../src/core/simulate/story/tell.ts'
import { clusterOf, specOf, type Varied } from './clusters.ts'

const people = clientsOfShape({ name: 'internet', count: null }, 2000, 9)

const event = (text: string): StoryEvent => {
  const read = parseEvent(text)
  if ('problem' in read) throw new Error(read.problem)
  return read
}

const told = (varied: Varied, texts: readonly string[], proxy = 'nginx', clients = people) => {
  const { cluster, upstream } = clusterOf(specOf(varied))
  const target = cluster.targets.find(({ dialect }) => dialect === proxy)
  if (target === undefined) throw new Error(`no target ${proxy}`)
  const story = tell(cluster, upstream, target, clients, texts.map(event), 1)
  if (story === null) throw new Error('refused')
  return story.steps.map((step) => {
    if ('refused' in step) throw new Error(`${step.event} is refused`)
    return step
  })
}

describe('events of the command line', () => {
  test.each([
    ['dead=a', 'known here: dies, returns'],
    ['dies', 'write dies=SERVER'],
    ['dies=', 'write dies=SERVER'],
    ['reload=now', 'write reload'],
    ['weight=a', 'write weight=SERVER:NUMBER'],
    ['weight=a:0', 'write weight=SERVER:NUMBER'],
    ['weight=a:65536', 'write weight=SERVER:NUMBER'],
    ['add=1', 'write add=SERVER[@ADDRESS]'],
    ['add=d@10.0.0.4:0', 'write add=SERVER[@ADDRESS]'],
    ['affinity=iphash', 'did you mean "ip_hash"?'],
    ['balance=fair', 'known here: round_robin, least_conn, random'],
  ])('%s is refused: %s', (text, help) => {
    expect(parseEvent(text)).toMatchObject({
      problem: expect.stringContaining(`"${text}" is not an event`),
      help: expect.stringContaining(help),
    })
  })

  test('every documented form is read', () => {
    const texts = eventForms.map(([form]) =>
      form
        .replace('[@ADDRESS]', '@10.0.0.9:80')
        .replace('SERVER', 'a')
        .replace('NUMBER', '3')
        .replace('METHOD', form.startsWith('affinity') ? 'cookie' : 'random'),
    )
    expect(texts.map((text) => event(text).kind)).toEqual(
      eventForms.map(([form]) => form.split('=')[0]),
    )
  })

  test('are checked against the servers that are there', () => {
    const { cluster, upstream } = clusterOf(
      specOf({ servers: '{ a: "10.0.0.1:80", b: "10.0.0.2:80" }' }),
    )
    expect(problemOf(upstream, event('dies=z'))?.problem).toBe('upstream "shop" has no server "z"')
    expect(problemOf(upstream, event('add=a'))?.problem).toContain('already has a server "a"')
    const one = applied(cluster, upstream, event('remove=a')).upstream
    expect(problemOf(one, event('remove=b'))?.problem).toBe('"b" is the only server of "shop"')
  })

  test('without any, servers come, go, die and return', () => {
    const kinds = (servers: string) =>
      usualEvents(clusterOf(specOf({ servers })).upstream).map(({ kind }) => kind)
    expect(kinds('{ a: "10.0.0.1:80", b: "10.0.0.2:80" }')).toEqual([
      'add',
      'drain',
      'remove',
      'dies',
      'returns',
    ])
    expect(kinds('{ new: "10.0.0.1:80" }')).toEqual(['add'])
  })
})

test('a server that dies and returns moves the clients of ip_hash twice, those of a cookie once', () => {
  const twice = ['dies=a', 'returns=a']
  const [died, returned] = told({ affinity: '{ method: ip_hash }' }, twice)
  expect(died?.moved).toBeGreaterThan(500)
  expect(returned?.moved).toBe(died?.moved)
  const byCookie = told({ affinity: '{ method: sticky, by: cookie }' }, twice)
  expect(byCookie.map(({ moved }) => moved > 0)).toEqual([true, false])
})

test('a drained server keeps its sessions, and one that is removed loses them unless others have them', () => {
  const [drained, removed] = told({}, ['drain=c', 'remove=c'])
  expect(drained).toMatchObject({ moved: 0, lost: 0 })
  expect(drained?.lasting).toEqual({
    seconds: 1800,
    text: 'until the last of its sessions has ended, 30 min after its last request',
  })
  expect(removed?.lost).toBe(removed?.moved)
  expect(removed?.lostWith).toMatchObject({ server: removed?.moved, backup: 0, all: 0, store: 0 })
  const shared = told({ sessions: '{ store: redisson, use: cache }' }, ['drain=c', 'remove=c'])
  expect(shared.map(({ lost }) => lost)).toEqual([0, 0])
})

test('HAProxy sends requests to a dead server until its checks notice it', () => {
  const [died, later] = told({}, ['dies=a', 'reload', 'dies=b'], 'haproxy')
  expect(died?.retried).toBeGreaterThan(500)
  expect(died?.lasting.seconds).toBe(6)
  expect(later?.retried).toBe(0)
})

test('a strict session gets an error where its server is dead', () => {
  const affinity = '{ method: jvm_route, onFailure: strict }'
  const [died, returned] = told({ affinity, nginx: 'version: "1.26.3"' }, ['dies=a', 'returns=a'])
  expect(died).toMatchObject({ moved: 0, lost: 0 })
  expect(died?.failed).toBeGreaterThan(500)
  // The process that returns has forgotten them.
  expect(returned?.lost).toBe(died?.failed)
})

test('clients without cookies have no sessions, and those with several tabs one', () => {
  const habits = { withoutCookies: 1, tabs: 1 }
  const strangers = clientsOfShape({ name: 'internet', count: null }, 300, 1, habits)
  expect(told({}, ['remove=c'], 'nginx', strangers)).toMatchObject([{ sessions: 0, lost: 0 }])
  const eager = clientsOfShape({ name: 'internet', count: null }, 300, 1, {
    withoutCookies: 0,
    tabs: 3,
  })
  expect(told({}, ['reload'], 'nginx', eager)).toMatchObject([{ sessions: 300, moved: 0, lost: 0 }])
})

describe('clients of a file', () => {
  test('a list says how many clients an address has', () => {
    expect(listedAddresses('# x\n192.0.2.1 2\n\n2001:DB8::0:1 # y\n')).toMatchObject([
      { address: { text: '192.0.2.1' } },
      { address: { text: '192.0.2.1' } },
      { address: { text: '2001:db8::1' } },
    ])
  })

  test.each([
    '192.0.2.1\n10.0.0\n',
    '192.0.2.1\nx\n',
    '192.0.2.1\n192.0.2.2 0\n',
    '192.0.2.1\n::1 2 3',
  ])('a line without an address is named: %j', (text) => {
    expect(listedAddresses(text)).toMatchObject({ problem: 'line 2 has no address' })
  })

  test('files without clients, and with too many', () => {
    expect(listedAddresses('#\n')).toMatchObject({ problem: 'the file has no addresses' })
    expect(listedAddresses('192.0.2.1 1000001')).toMatchObject({
      problem: expect.stringContaining('1000000'),
    })
    expect(loggedClients('a log\nof nothing\n')).toMatchObject({
      help: expect.stringContaining('log'),
    })
  })

  test('a log has one client for each address and user agent', () => {
    const lines = [
      '192.0.2.1 - - [29/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "one"',
      '192.0.2.1 - - [29/Nov/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 5 "-" "two"',
      'Nov 29 10:00:03 lb haproxy[77]: 198.51.100.7:40312 [29/Nov/2026:10:00:03.101] web shop/a 0/0/1/2/3 200',
      '{"client_address":"2001:db8::5","request_uri":"/"}',
      '[::ffff:192.0.2.9]:443 GET /',
    ]
    const listed = loggedClients([...lines, ...lines].join('\n'))
    expect(listed).toMatchObject(
      ['192.0.2.1', '192.0.2.1', '198.51.100.7', '2001:db8::5', '192.0.2.9'].map((text) => ({
        address: { text },
      })),
    )
    if ('problem' in listed) throw new Error(listed.problem)
    const { count, nameOf } = clientsFrom(listed, 40, 3, { withoutCookies: 0, tabs: 1 })
    const names = Array.from({ length: count }, (_, client) => nameOf(client))
    expect(new Set(names).size).toBe(40)
  })
})
