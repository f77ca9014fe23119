import { beforeAll, describe, expect, test } from 'vitest'
import type { Ask } from './support/ask.ts'
import { type Balancer, startBalancer } from './support/balancer.ts'
import { checkConfig } from './support/config-check.ts'
import { overVariants } from './support/over-variants.ts'
import { pinned, route } from './support/pinned.ts'
import { startStubs } from './support/stubs.ts'
import { member, members } from './support/upstream.ts'

/** What a request gets: the status in JSON, the status of a refusal, or the server that answers. */
type Fate = 'json' | 'text' | number | `by ${string}`
type Row = readonly [title: string, config: string, ask: Ask, fate: Fate]

const json = 'jvm_route_status app json;'
const rewrites = ['add_header X 1;', 'set $x 1;', 'expires 1h;', 'return 204;']
const wrong = 'if ($arg_other) { return 204; }'
const set = 'if ($uri) { set $x 1; }'
const here: Ask = { path: '/s?pretty=1' }
const post: Ask = { path: '/s', method: 'POST', body: 'x' }

/** Everything that gives a request another configuration than that of the location it is in. */
const statusRows: readonly Row[] = [
  ...rewrites.map(
    (body): Row => [
      `if { ${body} }`,
      `location /s { ${json} if ($arg_pretty) { ${body} } }`,
      here,
      body.startsWith('return') ? 204 : 'json',
    ],
  ),
  ['if before it', `location /s { if ($arg_pretty) { set $x 1; } ${json} }`, here, 'json'],
  ['an if that does not hold', `location /s { ${json} ${wrong} }`, here, 'json'],
  ['two ifs', `location /s { ${json} if ($uri) { set $x 1; } ${set} }`, here, 'json'],
  ['if in the server', `if ($arg_pretty) { set $x 1; } location /s { ${json} }`, here, 'json'],
  ['of the server, with an if', `if ($arg_pretty) { set $x 1; } ${json}`, here, 'json'],
  ['of the server, in a location', `${json} location /s { if ($uri) { set $x 1; } }`, here, 404],
  [
    'a nested location',
    `location / { ${json} location /s { add_header X 1; if ($arg_pretty) { set $x 1; } } }`,
    here,
    404,
  ],
  [
    'in a nested location',
    `location / { proxy_pass http://app; location /s { ${json} if ($uri) { set $x 1; } } }`,
    here,
    'json',
  ],
  [
    'in two locations, one in the other',
    `location / { jvm_route_status app text; location /s { ${json} if ($uri) { set $x 1; } } }`,
    here,
    'json',
  ],
  [
    'around a nested location',
    `location / { ${json} if ($uri) { set $x 1; } location /s { jvm_route_status app; } }`,
    { path: '/?pretty=1' },
    'json',
  ],
  ['a regular expression', `location ~ ^/s { ${json} if ($uri) { set $x 1; } }`, here, 'json'],
  ['limit_except, allowed', `location /s { ${json} limit_except GET { deny all; } }`, here, 'json'],
  ['limit_except, denied', `location /s { ${json} limit_except GET { deny all; } }`, post, 403],
  [
    'limit_except, inside',
    `location /s { ${json} limit_except POST { allow all; } }`,
    here,
    'json',
  ],
  ['limit_except, POST', `location /s { ${json} limit_except GET { allow all; } }`, post, 405],
  [
    'limit_except and if',
    `location /s { ${json} limit_except POST { allow all; } if ($uri) { set $x 1; } }`,
    here,
    'json',
  ],
  [
    'limit_except that passes on',
    `location /s { ${json} limit_except GET { proxy_pass http://app; } }`,
    { ...post, ...pinned('b') },
    'by b',
  ],
  [
    'if that passes on',
    `location /s { ${json} if ($arg_pretty) { proxy_pass http://app; } }`,
    { ...here, ...pinned('b') },
    'by b',
  ],
  ['satisfy any', `location /s { ${json} satisfy any; deny all; ${set} }`, here, 403],
  ['satisfy all', `location /s { ${json} satisfy all; allow all; ${set} }`, here, 'json'],
  ['a rewrite to it', `rewrite ^/s /t; location /t { ${json} ${set} }`, here, 'json'],
  [
    'an internal redirect to it',
    `location /s { error_page 410 = /t; return 410; } location /t { ${json} ${set} }`,
    here,
    'json',
  ],
  [
    'a named location',
    `location /s { error_page 410 = @t; return 410; } location @t { ${json} ${set} }`,
    here,
    'json',
  ],
  ['try_files', `location /s { try_files /no @t; } location @t { ${json} ${set} }`, here, 'json'],
  [
    'X-Accel-Redirect',
    `location /s { proxy_pass http://accel; } location /t { internal; ${json} ${set} }`,
    here,
    'json',
  ],
]

/** Modules that only the distribution's nginx has among those of these tests. */
const subrequestRows: readonly Row[] = [
  [
    'a mirror',
    `location /s { mirror /t; proxy_pass http://app; } location /t { ${json} ${set} }`,
    { ...post, ...pinned('a') },
    'by a',
  ],
  [
    'an addition',
    `location /s { addition_types *; add_after_body /t; return 200 ""; } location /t { ${json} ${set} }`,
    here,
    'json',
  ],
  [
    'an inclusion',
    `location /s { ssi on; ssi_types *; return 200 '<!--#include virtual="/t"-->'; }
     location /t { ${json} ${set} }`,
    here,
    'json',
  ],
  [
    'an inclusion into a variable',
    `location /s { ssi on; ssi_types *;
       return 200 '<!--#include virtual="/t" set="x"--><!--#echo var="x" encoding="none"-->'; }
     location /t { ${json} ${set} }`,
    here,
    'json',
  ],
]

overVariants('everywhere', (variant) => {
  const rows = [...statusRows, ...(variant.name === 'distribution' ? subrequestRows : [])]

  describe('jvm_route_status where a request has another configuration', () => {
    let balancer: Balancer
    beforeAll(async () => {
      const stubs = await startStubs('a', 'b')
      const servers = rows.map(
        ([, config], index) =>
          `server { listen 127.0.0.1:$port; server_name row${index}; ${config} }`,
      )
      const accel = `
        upstream accel { server 127.0.0.1:$port; }
        server {
          listen 127.0.0.1:$port; server_name accel;
          location / { add_header X-Accel-Redirect /t; return 204; }
        }`
      const app = [...members(variant, stubs), route]
      const http = [accel, ...servers].join('\n')
      balancer = await startBalancer(variant, { stubs, upstreams: { app }, http })
    })

    test.for(rows.map((row, index) => ({ title: row[0], row, index })))(
      '$title',
      async ({ row: [, , ask, fate], index }) => {
        for (let time = 0; time < 2; time++) {
          const { status, body, by } = await balancer.ask(`row${index}`, ask)
          if (typeof fate === 'number') expect(status, body).toBe(fate)
          else expect(status, body).toBe(200)
          if (fate === 'json') expect(JSON.parse(body)).toMatchObject({ upstream: 'app' })
          if (fate === 'text') expect(body).toMatch(/^upstream app: /)
          if (typeof fate === 'string' && fate.startsWith('by ')) expect(`by ${by}`).toBe(fate)
        }
        const alive = await balancer.ask('app', pinned('b'))
        expect(alive).toMatchObject({ by: 'b', verdict: 'HIT' })
      },
    )
  })

  describe('contexts of directives', () => {
    const [line = ''] = member(variant, { at: '127.0.0.1:81', id: 'a' })
    const blocks: readonly (readonly [string, (directive: string) => string])[] = [
      ['http', (directive) => directive],
      ['server', (directive) => `server { ${directive} }`],
      ['location', (directive) => `server { location / { ${directive} } }`],
      ['if of a server', (directive) => `server { if ($args) { ${directive} } }`],
      ['if of a location', (directive) => `server { location / { if ($args) { ${directive} } } }`],
      [
        'limit_except',
        (directive) => `server { location / { limit_except GET { ${directive} } } }`,
      ],
      ['upstream', (directive) => `upstream other { ${line} ${route} ${directive} }`],
    ]
    const directives: readonly (readonly [string, readonly string[]])[] = [
      [json, ['server', 'location']],
      [route, []],
      ['srun_id b 127.0.0.1:81;', []],
    ]
    const cases = directives.flatMap(([directive, allowed]) =>
      blocks
        .filter(([block]) => block !== 'upstream' || directive === json)
        .map(([block, around]) => ({
          directive,
          block,
          around,
          isAllowed: allowed.includes(block),
        })),
    )
    test.for(cases)('$directive in $block', async ({ directive, around, isAllowed }) => {
      const app = [...member(variant, { at: '127.0.0.1:81', id: 'a' }), route]
      const verdict = await checkConfig(variant, { upstreams: { app }, http: around(directive) })
      expect(verdict.exitCode, verdict.output).toBe(isAllowed ? 0 : 1)
      if (!isAllowed) expect(verdict.messages.join()).toMatch(/\[emerg\].* is not allowed here in /)
    })
  })
})
