import { fc } from '../support/fast-check.ts'

/** Text full of what nginx treats specially; no "$", which most fields refuse. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...['\\', '"', "'", ' ', ';', '{', '}', '#', '(', ')', '[', ']', '*', '|']),
      fc.constantFrom(...['/', '=', ',', ':', '~', '%', '&', '<', '>', '@', 'n', 't', 'é', '😀']),
      fc.stringMatching(/^[A-Za-z0-9_. -]{1,5}$/),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => pieces.join(''))

/** Not all expressions: only that quoting does not break them is of interest here. */
const expression = text.map((raw) =>
  raw.replace(/[\\[\](){}*|/]+/g, (run) => (run[0] === '{' ? '{2}' : '.')),
)

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 })

const cookieName = fc.stringMatching(/^[A-Za-z0-9_.-]{1,64}$/)
const onFailure = fc.constantFrom('rebalance', 'strict')

const affinity = fc.oneof(
  fc.constantFrom({ method: 'none' }, { method: 'ip_hash' }),
  fc.record({
    method: fc.constant('hash'),
    key: text.map((rest) => `$request_uri-${rest}`),
    consistent: fc.boolean(),
  }),
  fc.record({
    method: fc.constant('jvm_route'),
    cookie: cookieName,
    url: cookieName,
    reverse: fc.boolean(),
    onFailure,
    via: fc.constantFrom('auto', 'maps'),
  }),
  fc.record({
    method: fc.constant('sticky'),
    by: fc.constant('cookie'),
    cookie: cookieName,
    path: text.map((rest) => `/${rest.replace(/[;, "\\]/g, '')}`),
    expires: maybe(fc.constantFrom('1h', 'max', '90s')),
    domain: maybe(fc.constantFrom('.example.com', 'a.b')),
    secure: fc.boolean(),
  }),
  fc.record({
    method: fc.constant('sticky'),
    by: fc.constant('route'),
    from: fc.array(fc.constantFrom('$cookie_a', '$arg_b', '$ARG_b', '$http_c'), { minLength: 1 }),
    onFailure,
  }),
  fc.record({
    method: fc.constant('sticky'),
    by: fc.constant('learn'),
    create: fc.constantFrom('$upstream_cookie_a', '$upstream_http_x'),
    lookup: fc.constantFrom('$cookie_a', '$arg_a'),
  }),
)

const server = fc.record({
  address: fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.0.${a}.${b}:80`),
  state: fc.constantFrom(...Array<string>(12).fill('up'), 'drain', 'down', 'backup'),
  weight: fc.integer({ min: 1, max: 256 }),
  maxConns: maybe(fc.constantFrom(0, 5)),
  failTimeout: maybe(fc.constantFrom('0s', '10s', '1m')),
})

const upstream = fc.record({
  balance: fc.constantFrom('round_robin', 'round_robin', 'round_robin', 'least_conn', 'random'),
  affinity,
  zone: maybe(fc.constantFrom('32k', '1m')),
  keepalive: maybe(fc.constantFrom(0, 1, 64)),
  nextUpstream: maybe(
    fc.record({
      on: fc.array(fc.constantFrom('error', 'timeout', 'http_429', 'non_idempotent'), {
        minLength: 1,
      }),
      tries: fc.nat(5),
      timeout: fc.constantFrom('0s', '500ms', '1h'),
    }),
  ),
  servers: fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/), server, {
    minKeys: 1,
    maxKeys: 5,
  }),
})

const match = fc.oneof(
  text.map((rest) => `/${rest}`),
  text.map((rest) => `= /${rest}`),
  expression.map((rest) => `~* ^/${rest}`),
)

const location = (upstreams: readonly string[]) =>
  fc.record({
    match,
    upstream: fc.constantFrom(...upstreams),
    root: maybe(text),
    index: maybe(
      fc.array(
        text.map((rest) => `i${rest}`),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    allow: maybe(fc.array(fc.constantFrom('10.1.2.3/8', '::1', '2001:db8::1/3'), { minLength: 1 })),
  })

const headerName = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/)

const frontend = (upstreams: readonly string[]) =>
  fc.record({
    listen: fc.uniqueArray(
      fc.constantFrom(80, '[::]:80', '127.0.0.1:80', {
        address: 443,
        tls: { certificate: '/a', key: '/b' },
      }),
      { minLength: 1 },
    ),
    serverNames: fc.uniqueArray(
      fc.oneof(
        fc.stringMatching(/^(\*\.|\.)?[a-z0-9-]{5,60}\.example$/),
        expression.map((rest) => `~^x${rest.replaceAll('/', '')}`),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    headers: fc.dictionary(headerName, text, { maxKeys: 3 }),
    clientAddress: maybe(
      fc.record({
        trust: fc.array(fc.constantFrom('10.1.2.3/8', '::1', '2001:db8::1/33'), { minLength: 1 }),
        header: headerName,
      }),
    ),
    accessLog: maybe(
      fc.record({
        path: fc.constant('logs/access.log'),
        syslog: maybe(fc.constantFrom('127.0.0.1:514', '[::1]:514')),
        format: fc.constantFrom('text', 'json'),
      }),
    ),
    locations: fc.uniqueArray(location(upstreams), {
      minLength: 1,
      maxLength: 3,
      selector: (written) => written.match,
    }),
  })

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,62}$/)

/** Specs most of which can be written for nginx. */
export const randomSpec = fc
  .dictionary(name, upstream, { minKeys: 1, maxKeys: 3 })
  .chain((upstreams) =>
    fc.record({
      version: fc.constant(1),
      name: fc.constant('random'),
      targets: fc.constant({ nginx: { version: '1.30.6' } }),
      frontends: fc.dictionary(name, frontend(Object.keys(upstreams)), { minKeys: 1, maxKeys: 2 }),
      upstreams: fc.constant(upstreams),
    }),
  )
