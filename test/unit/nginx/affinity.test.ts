import { describe, expect, test } from 'vitest'
import { renderUpstream, twoServers } from './render-upstream.ts'

const jvmRoute = { method: 'jvm_route' }
const cookie = { method: 'sticky', by: 'cookie' }
const route = { method: 'sticky', by: 'route', from: ['$cookie_route'] }
const learn = { method: 'sticky', by: 'learn', create: '$upstream_cookie_x', lookup: '$cookie_x' }
const modules = ['jvm_route', 'sticky-ng', 'session_sticky']

const plainServers = ['server 10.0.0.1:8080;', 'server 10.0.0.2:8080;']
const withParameter = (name: string): string[] => [
  `server 10.0.0.1:8080 ${name}=a;`,
  `server 10.0.0.2:8080 ${name}=b;`,
]

/** Written for 1.29.7 and later, which keep connections to the servers by default. */
const idle = 'keepalive_timeout 60s;'
/** Reported for ip_hash with several servers. */
const octets = ['ip-hash-three-octets']

/** Target, affinity, the lines of the upstream block (null: refused), and the codes of diagnostics. */
type Row = readonly [
  target: Readonly<Record<string, unknown>>,
  affinity: Readonly<Record<string, unknown>>,
  lines: readonly string[] | null,
  codes: readonly string[],
]

const nginx = (version: string, more = {}) => ({ version, ...more })
const plus = (version: string, more = {}) => ({ flavor: 'nginx-plus', version, ...more })
const angie = (version: string, more = {}) => ({ flavor: 'angie', version, ...more })
const tengine = (version: string, more = {}) => ({ flavor: 'tengine', version, ...more })
const openresty = (version: string, more = {}) => ({ flavor: 'openresty', version, ...more })

const ipHash: Row[] = [
  ...[nginx('1.8.1'), plus('1.25.5'), angie('1.9.0'), tengine('2.2.3'), openresty('1.27.1')].map(
    (target): Row => [target, { method: 'ip_hash' }, ['ip_hash;', ...plainServers], octets],
  ),
  [nginx('1.30.6'), { method: 'ip_hash' }, ['ip_hash;', ...plainServers, idle], octets],
]

const hash: Row[] = [
  [
    nginx('1.26.3'),
    { method: 'hash', key: '$request_uri' },
    ['hash $request_uri;', ...plainServers],
    [],
  ],
  [
    nginx('1.8.1'),
    { method: 'hash', key: '$remote_addr', consistent: true },
    ['hash $remote_addr consistent;', ...plainServers],
    [],
  ],
  [
    nginx('1.16.1'),
    { method: 'hash', key: '$arg_tenant' },
    ['hash $arg_tenant;', ...plainServers],
    ['nginx-hash-empty'],
  ],
  [
    nginx('1.17.1'),
    { method: 'hash', key: '$arg_tenant' },
    ['hash $arg_tenant;', ...plainServers],
    [],
  ],
  [
    nginx('1.26.3'),
    { method: 'hash', key: '$cookie_PHPSESSID' },
    ['hash $cookie_PHPSESSID;', ...plainServers],
    ['affinity-key-issued'],
  ],
]

const module: Row[] = [
  [
    nginx('1.26.3', { modules }),
    jvmRoute,
    [...withParameter('srun_id'), 'jvm_route $cookie_JSESSIONID|jsessionid reverse;'],
    [],
  ],
  // The module supports more than the built-in sticky, so it is preferred there too.
  [
    nginx('1.30.6', { modules }),
    { ...jvmRoute, onFailure: 'strict' },
    [...withParameter('srun_id'), 'jvm_route $cookie_JSESSIONID|jsessionid reverse strict;', idle],
    [],
  ],
  [
    nginx('1.8.1', { modules }),
    { ...jvmRoute, reverse: false, cookie: 'SID', url: 'sid' },
    [...withParameter('srun_id'), 'jvm_route $cookie_SID|sid;'],
    [],
  ],
  [
    plus('1.25.5', { modules, unpatched: true }),
    jvmRoute,
    [
      ...plainServers,
      'srun_id a 10.0.0.1:8080;',
      'srun_id b 10.0.0.2:8080;',
      'jvm_route $cookie_JSESSIONID|jsessionid reverse;',
    ],
    [],
  ],
]

const native: Row[] = [
  [
    nginx('1.29.6'),
    jvmRoute,
    [...withParameter('route'), 'sticky route $route_app;'],
    ['nginx-as-native'],
  ],
  [nginx('1.29.5'), jvmRoute, plainServers, ['nginx-as-maps']],
  [
    openresty('1.31.1'),
    jvmRoute,
    [...withParameter('route'), 'sticky route $route_app;', idle],
    ['nginx-as-native'],
  ],
  [openresty('1.27.1'), jvmRoute, plainServers, ['nginx-as-maps']],
  [
    plus('1.8.1'),
    jvmRoute,
    [...withParameter('route'), 'sticky route $route_app;'],
    ['nginx-as-native'],
  ],
  [
    angie('1.2.0'),
    jvmRoute,
    [...withParameter('sid'), 'sticky route $route_app;'],
    ['nginx-as-native'],
  ],
  [angie('1.1.0'), jvmRoute, plainServers, ['nginx-as-maps']],
  [
    tengine('3.2.0'),
    jvmRoute,
    [...withParameter('route'), 'sticky route $route_app;', idle],
    ['nginx-as-native'],
  ],
  [tengine('3.1.0'), jvmRoute, plainServers, ['nginx-as-maps']],
  // Only Angie has sticky_strict.
  [
    angie('1.9.0'),
    { ...jvmRoute, onFailure: 'strict' },
    [...withParameter('sid'), 'sticky route $route_app;', 'sticky_strict on;'],
    ['nginx-as-native'],
  ],
  [
    nginx('1.30.6'),
    { ...jvmRoute, onFailure: 'strict' },
    [...plainServers, idle],
    ['nginx-as-maps'],
  ],
  [
    nginx('1.30.6', { modules }),
    { ...jvmRoute, via: 'native' },
    [...withParameter('route'), 'sticky route $route_app;', idle],
    [],
  ],
  [nginx('1.30.6', { modules }), { ...jvmRoute, via: 'maps' }, [...plainServers, idle], []],
  [nginx('1.30.6'), route, [...withParameter('route'), 'sticky route $cookie_route;', idle], []],
  [nginx('1.26.3'), route, plainServers, ['nginx-as-maps']],
  [
    nginx('1.30.6'),
    learn,
    [
      ...withParameter('route'),
      'sticky learn create=$upstream_cookie_x lookup=$cookie_x zone=app_sessions:1m timeout=1h;',
      idle,
    ],
    [],
  ],
  [nginx('1.29.5'), learn, null, ['nginx-affinity']],
  [
    plus('1.13.6'),
    learn,
    [
      ...withParameter('route'),
      'sticky learn create=$upstream_cookie_x lookup=$cookie_x zone=app_sessions:1m timeout=1h;',
    ],
    [],
  ],
  [angie('1.11.0'), learn, null, ['nginx-affinity']],
  [
    angie('1.12.0'),
    { ...learn, onFailure: 'strict' },
    [
      ...withParameter('sid'),
      'sticky learn create=$upstream_cookie_x lookup=$cookie_x zone=app_sessions:1m timeout=1h;',
      'sticky_strict on;',
      idle,
    ],
    [],
  ],
]

const useridLines = ['hash $uid_got$uid_set consistent;', ...plainServers]

const cookies: Row[] = [
  [nginx('1.30.6'), cookie, [...withParameter('route'), 'sticky cookie srv_id path=/;', idle], []],
  [
    plus('1.19.4'),
    { ...cookie, expires: 'max', sameSite: 'none', secure: true },
    [...withParameter('route'), 'sticky cookie srv_id expires=max path=/ secure samesite=none;'],
    ['affinity-cookie-dropped'],
  ],
  [
    angie('1.2.0'),
    { ...cookie, expires: '90s', domain: '.example.com', path: '/shop', httpOnly: true },
    [
      ...withParameter('sid'),
      'sticky cookie srv_id expires=90s domain=.example.com path=/shop httponly;',
    ],
    ['cookie-partly-lost'],
  ],
  [nginx('1.26.3'), cookie, useridLines, ['nginx-as-userid']],
  [angie('1.1.0'), cookie, useridLines, ['nginx-as-userid']],
  // Tengine before 2.3 has session_sticky compiled in.
  [
    tengine('2.2.3'),
    cookie,
    [
      ...withParameter('id'),
      'session_sticky cookie=srv_id path=/ mode=insert option=indirect fallback=on hash=plain;',
    ],
    ['nginx-session-sticky-blind'],
  ],
  [tengine('2.3.0'), cookie, useridLines, ['nginx-as-userid']],
  [
    tengine('2.4.1', { modules: ['session_sticky'] }),
    { ...cookie, cookie: 'SRV', mode: 'rewrite', onFailure: 'strict' },
    [
      ...withParameter('id'),
      'session_sticky cookie=SRV path=/ mode=rewrite fallback=off hash=plain;',
    ],
    ['nginx-session-sticky-blind'],
  ],
  [
    tengine('3.2.0', { modules: ['session_sticky'] }),
    cookie,
    [...withParameter('route'), 'sticky cookie srv_id path=/;', idle],
    [],
  ],
  [
    tengine('3.2.0', { modules: ['session_sticky'] }),
    { ...cookie, via: 'module', indirect: false },
    [
      ...withParameter('id'),
      'session_sticky cookie=srv_id path=/ mode=insert fallback=on hash=plain;',
      idle,
    ],
    ['nginx-session-sticky-blind'],
  ],
  // Only Tengine has the parameter id= of server.
  [
    nginx('1.22.1', { modules: ['session_sticky'] }),
    cookie,
    [
      ...plainServers,
      'session_sticky cookie=srv_id path=/ mode=insert option=indirect fallback=on;',
    ],
    ['nginx-session-sticky-blind'],
  ],
  [
    nginx('1.22.1', { modules: ['sticky-ng'] }),
    { ...cookie, expires: '1h', secure: true },
    ['sticky name=srv_id path=/ expires=1h secure;', ...plainServers],
    ['affinity-cookie-dropped'],
  ],
  [
    nginx('1.23.0', { modules: ['sticky-ng'] }),
    cookie,
    ['sticky name=srv_id path=/;', ...plainServers],
    ['nginx-sticky-ng-build'],
  ],
  [
    nginx('1.29.6', { modules: ['sticky-ng'] }),
    cookie,
    [...withParameter('route'), 'sticky cookie srv_id path=/;'],
    [],
  ],
  // The next implementation is used if one does not support a setting.
  [
    nginx('1.22.1', { modules: ['sticky-ng'] }),
    { ...cookie, sameSite: 'lax' },
    useridLines,
    ['nginx-as-userid'],
  ],
]

const impossible: Row[] = [
  [nginx('1.26.3'), { ...jvmRoute, via: 'module' }, null, ['nginx-via']],
  [nginx('1.26.3'), { ...jvmRoute, via: 'native' }, null, ['nginx-via']],
  [plus('1.25.5', { modules }), { ...jvmRoute, via: 'module' }, null, ['nginx-via']],
  [nginx('1.26.3', { modules }), { ...route, via: 'module' }, null, ['nginx-via']],
  [nginx('1.30.6'), { ...learn, via: 'maps' }, null, ['nginx-via']],
  [nginx('1.30.6'), { method: 'ip_hash', via: 'module' }, null, [...octets, 'nginx-via']],
  [nginx('1.30.6'), { method: 'ip_hash', via: 'maps' }, null, [...octets, 'nginx-via']],
  [nginx('1.30.6', { modules: ['sticky-ng'] }), { ...cookie, via: 'module' }, null, ['nginx-via']],
  [nginx('1.30.6'), { ...jvmRoute, via: 'native', onFailure: 'strict' }, null, ['nginx-strict']],
  [nginx('1.26.3'), { method: 'ip_hash', onFailure: 'strict' }, null, [...octets, 'nginx-strict']],
  [nginx('1.30.6'), { ...cookie, onFailure: 'strict' }, null, ['nginx-strict']],
  [nginx('1.8.0'), { method: 'ip_hash' }, null, ['nginx-version', ...octets]],
  [tengine('2.1.2'), { method: 'ip_hash' }, null, ['nginx-version', ...octets]],
]

const name = ([target, affinity]: Row): string =>
  `${JSON.stringify(target)} ${JSON.stringify(affinity)}`.replace(/["{}]/g, '')

describe.each([
  ['ip_hash', ipHash],
  ['hash', hash],
  ['the jvm_route module', module],
  ['the built-in sticky directive', native],
  ['affinity cookies', cookies],
  ['refused affinities', impossible],
])('%s', (_, rows) => {
  test.each(rows.map((row) => [name(row), row] as const))('%s', (_name, row) => {
    const [target, affinity, lines, expected] = row
    const { inside, codes } = renderUpstream(target, { affinity })
    expect(inside('upstream app')).toEqual(lines ?? [])
    expect(codes).toEqual(expected)
  })
})

describe('the order within a block', () => {
  const full = {
    balance: 'least_conn',
    zone: '64k',
    keepalive: 8,
    servers: { ...twoServers, c: { address: '10.0.0.3:8080', state: 'backup' } },
  }
  const statement = (line: string): string => line.split(/[ ;]/)[0] ?? ''

  test.each([
    ['jvm_route', nginx('1.26.3', { modules }), jvmRoute],
    ['sticky', nginx('1.30.6'), jvmRoute],
    ['sticky', nginx('1.30.6'), cookie],
    ['sticky', nginx('1.30.6'), learn],
  ])('is method, servers, %s, keepalive and its timeout', (directive, target, affinity) => {
    const { inside } = renderUpstream(target, { ...full, affinity })
    expect(inside('upstream app').map(statement)).toEqual([
      'zone',
      'least_conn',
      'server',
      'server',
      'server',
      directive,
      'keepalive',
      'keepalive_timeout',
    ])
  })
})
