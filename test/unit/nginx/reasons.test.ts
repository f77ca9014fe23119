import { describe, expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const said = (target: object, affinity: object, code: string, servers: object = {}) => {
  const spec = {
    version: 1,
    name: 'shop',
    targets: { nginx: target },
    frontends: { web: { listen: [80], locations: [{ match: '/', upstream: 'app' }] } },
    upstreams: { app: { affinity, servers: { a: '10.0.0.1:80', b: '10.0.0.2:80', ...servers } } },
  }
  const found = compileText(JSON.stringify(spec)).diagnostics.filter((one) => one.code === code)
  return found.map(({ message, help }) => `${message} (${help})`)
}

const cookie = { method: 'sticky', by: 'cookie' }
const angie = { flavor: 'angie', version: '1.12.0' }

describe('why an affinity cookie is written as userid', () => {
  const numbered = 'each client gets an id in the cookie "srv_id", and the id is hashed to a server'
  const moved = 'when servers change, some clients move'

  test.each([
    ['nginx has none', { version: '1.26.3' }, {}, 'nginx 1.26.3 has no sticky: '],
    ['it was asked for', { version: '1.30.6' }, { via: 'maps' }, ''],
  ])('%s', (_, target, more, reason) => {
    expect(said(target, { ...cookie, ...more }, 'nginx-as-userid')).toEqual([
      `${reason}${numbered} (${moved}; write version: "1.30.6": nginx has an affinity cookie since 1.29.6)`,
    ])
  })

  test('a way that the target has cannot say all', () => {
    expect(said(angie, { ...cookie, path: '/a$b' }, 'nginx-as-userid')).toEqual([
      `nginx would take the "$" of "/a$b" for a variable, and has no way to write a plain one: ${numbered} (${moved}; remove "$" from it)`,
    ])
  })
})

describe('who goes on when a drained server is dead', () => {
  test.each([
    [{ method: 'jvm_route' }, 'the jvm_route module and via: maps go on to the next server'],
    [{ method: 'sticky', by: 'route', from: ['$arg_r'] }, 'via: maps goes on to the next server'],
    [cookie, 'HAProxy goes on to the next server'],
    [
      {
        method: 'sticky',
        by: 'learn',
        create: '$upstream_cookie_SID',
        lookup: '$cookie_SID',
      },
      'HAProxy goes on to the next server',
    ],
  ])('%j', (affinity, others) => {
    const drained = { c: { address: '10.0.0.3:80', state: 'drain' } }
    expect(said({ version: '1.30.6' }, affinity, 'nginx-drain-dead', drained)).toEqual([
      `when the drained "c" dies, its sessions get 502: nginx's own sticky tries no other server for them (write state: down as soon as it is gone; ${others})`,
    ])
  })
})
