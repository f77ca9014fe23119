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

describe('the reason for an affinity cookie with userid', () => {
  const numbered =
    '"userid" gives each client an id in the cookie "srv_id", and the id is hashed to a server'
  const moved = 'with userid, some clients move when the set of servers changes'

  test.each([
    ['no built-in directive', { version: '1.26.3' }, {}, 'nginx 1.26.3 has no "sticky": '],
    ['a request of the spec', { version: '1.30.6' }, { via: 'maps' }, ''],
  ])('%s', (_, target, more, reason) => {
    expect(said(target, { ...cookie, ...more }, 'nginx-as-userid')).toEqual([
      `${reason}${numbered} (write version: "1.30.6": nginx has an affinity cookie since 1.29.6; ${moved})`,
    ])
  })

  test('a setting that the preferred implementation does not support', () => {
    expect(said(angie, { ...cookie, path: '/a$b' }, 'nginx-as-userid')).toEqual([
      `nginx reads the "$" in "/a$b" as the beginning of a variable, and it cannot be escaped: ${numbered} (remove "$" from it; ${moved})`,
    ])
  })
})

describe('the alternative for the sessions of a drained server that fails', () => {
  test.each([
    [{ method: 'jvm_route' }, 'the jvm_route module or via: maps'],
    [{ method: 'sticky', by: 'route', from: ['$arg_r'] }, 'via: maps'],
    [cookie, 'HAProxy'],
    [
      {
        method: 'sticky',
        by: 'learn',
        create: '$upstream_cookie_SID',
        lookup: '$cookie_SID',
      },
      'HAProxy',
    ],
  ])('%j', (affinity, alternative) => {
    const drained = { c: { address: '10.0.0.3:80', state: 'drain' } }
    expect(said({ version: '1.30.6' }, affinity, 'nginx-drain-dead', drained)).toEqual([
      `if the drained server "c" fails, its sessions get 502: the built-in "sticky" tries no other server (set state: down when the server is stopped, or use ${alternative})`,
    ])
  })
})
