import { expect, test } from 'vitest'
import type { Ask } from './support/ask.ts'
import { type Answer, type Balancer, startBalancer } from './support/balancer.ts'
import { overVariant, type Variant } from './support/over-variants.ts'
import { type Dice, diceFrom, randomServer } from './support/random-config.ts'
import { type Format, readStatus, statusOf } from './support/status.ts'
import { type Stub, startStubs } from './support/stubs.ts'
import { until } from './support/until.ts'
import { members, named } from './support/upstream.ts'

const rounds = Number(process.env['SESSCTL_RANDOM_ROUNDS'] ?? 3)
const seed = Number(process.env['SESSCTL_RANDOM_SEED'] ?? 1)
const [serverCount, requestCount] = [30, 400]

const upstreams = ['plain', 'strict', 'zone', 'resin'] as const
const linesOf = (variant: Variant, dice: Dice, stubs: readonly Stub[]) => {
  const parameters = () => dice.pick(['max_fails=1 fail_timeout=1s', 'max_fails=0', 'weight=2'])
  const servers = () =>
    members(
      variant,
      stubs.map((stub) => named(stub, parameters())),
    )
  const kept = `keepalive ${1 + dice.below(20)};`
  return {
    plain: [...servers(), 'jvm_route $cookie_JSESSIONID|jsessionid reverse;', kept],
    strict: [kept, ...servers(), 'jvm_route $cookie_JSESSIONID reverse strict;'],
    zone: ['zone zone 256k;', 'least_conn;', kept, ...servers(), 'jvm_route $cookie_S|s reverse;'],
    resin: [...servers(), 'jvm_route $cookie_JSESSIONID;', kept],
  }
}

/** Several cookies, of which some have no route that a server has, in one header or in several. */
const randomCookies = (dice: Dice): readonly string[] => {
  const values = ['', 'X', 'X.', '.a', 'X.a', 'X.b', 'X.c', 'X.zz', 'aX', 'bX', 'X.a.b', '"X.a"']
  const one = (): string => {
    const name = dice.pick(['JSESSIONID', 'jsessionid', 'S', 'JSESSIONIDX'])
    const value = values[dice.below(values.length)] ?? ''
    return `${name}${dice.pick(['=', '= ', ''])}${value}`
  }
  const separator = dice.pick(['; ', ';', ', '])
  const header = (): string => Array.from({ length: dice.below(5) }, one).join(separator)
  return Array.from({ length: 1 + dice.below(3) }, header)
}

const randomAsk = (dice: Dice): Ask => {
  const path = dice.pick(['/s', '/s0', '/s01', '/t', '/t1', '/', '/s;jsessionid=X.b', '/t0'])
  const query = dice.pick(['', '?pretty=1', '?x=1', '?jsessionid=X.c&pretty=1'])
  const method = dice.pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT'])
  const body = method === 'POST' || method === 'PUT' ? { body: 'x'.repeat(dice.below(30_000)) } : {}
  return { path: `${path}${query}`, method, headers: { Cookie: randomCookies(dice) }, ...body }
}

/** Kept connections end in each way, and answers of the stubs fail, for a while. */
const misbehave = (dice: Dice, stubs: readonly Stub[]): void => {
  for (const stub of stubs) {
    stub.onKept(dice.pick(['serve', 'close', 'close', 'cut']))
    stub.answer(dice.pick([200, 200, 200, 'close', 500]))
  }
}

const isAnswer = (answer: Answer, ask: Ask): void => {
  const { status, headers, body } = answer
  expect([200, 204, 403, 404, 405, 413, 500, 502, 504]).toContain(status)
  if (ask.method !== 'HEAD' && headers['content-type'] === 'application/json') {
    expect(JSON.parse(body)).toHaveProperty('servers')
  }
}

/** What a request without `if` and redirects gets is known when the servers are well. */
const routes = async (balancer: Balancer, stubs: readonly Stub[]): Promise<void> => {
  for (const stub of stubs) {
    stub.onKept('serve')
    stub.answer(200)
  }
  for (const { name } of stubs) {
    const headers = { Cookie: [`JSESSIONID=X.zz; JSESSIONID=X.${name}`, 'JSESSIONID=X.b'] }
    await until(`${name} serves its sessions again`, async () => {
      const { by, verdict } = await balancer.ask('plain', { headers })
      return by === name && verdict === 'HIT'
    })
  }
}

overVariant('1.22', 'sanitized', (variant) => {
  test.for(Array.from({ length: rounds }, (_, index) => seed + index))(
    'any configuration and any requests: no crash and no sanitizer report (seed %i)',
    async (each) => {
      const dice = diceFrom(each)
      const stubs = await startStubs('a', 'b', 'c')
      const servers = Array.from(
        { length: serverCount },
        (_, index) => `server {
          listen 127.0.0.1:$port; server_name r${index};
          ${randomServer(dice, dice.pick(upstreams))}
        }`,
      )
      const lines = linesOf(variant, dice, stubs)
      const http = servers.join('\n')
      // nginx's own: an `if` with proxy_pass, and another one after it, in a location without.
      const expected = /\[alert\] .* no upstream configuration/
      const balancer = await startBalancer(variant, { stubs, upstreams: lines, http, expected })
      const lanes = Array.from({ length: 8 }, async () => {
        for (let turn = 0; turn < requestCount / 8; turn++) {
          if (dice.once(5)) misbehave(dice, stubs)
          const ask = randomAsk(dice)
          isAnswer(await balancer.ask(`r${dice.below(serverCount)}`, ask), ask)
        }
      })
      await Promise.all(lanes)
      await routes(balancer, stubs)
      for (const name of upstreams) {
        for (const format of ['text', 'json', 'prometheus'] satisfies Format[]) {
          await readStatus(balancer, name, format)
        }
        await until('nothing is active', async () => (await statusOf(balancer, name)).active === 0)
      }
    },
  )
})
