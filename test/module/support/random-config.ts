/** Numbers from a seed, the same ones each time (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Dice {
  readonly below: (limit: number) => number
  readonly pick: <T>(items: readonly [T, ...T[]]) => T
  /** True once in that many times. */
  readonly once: (times: number) => boolean
}

export const diceFrom = (seed: number): Dice => {
  const next = randomFrom(seed)
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    once: (times) => below(times) === 0,
  }
}

/** Of the variables of a request that a configuration may ask for. */
const conditions = [
  '($arg_pretty)',
  '($arg_x = 1)',
  '($request_method = POST)',
  '($uri ~ s)',
  '($jvm_route)',
  '($cookie_JSESSIONID)',
] as const

/**
 * A location with everything that gives requests another configuration: `if`, nested locations,
 * `limit_except`, redirects. `upstream` is one with jvm_route.
 */
export const randomLocation = (
  dice: Dice,
  upstream: string,
  path: string,
  depth: number,
): string => {
  const { pick, once, below } = dice
  const proxy = `proxy_pass http://${upstream};`
  const status = `jvm_route_status ${upstream} ${pick(['text', 'json', 'prometheus', ''])};`
  const content = (): string => pick([status, status, proxy, '', 'return 204;'])
  const inIf = (): string =>
    pick([
      '',
      'set $y 1;',
      'add_header X-If $jvm_route_status;',
      'return 204;',
      'rewrite ^ /s0?x=1 break;',
      'rewrite ^ /s1 last;',
      proxy,
      'break;',
    ])
  const ifs = Array.from({ length: below(3) }, () => `if ${pick(conditions)} { ${inIf()} }`)
  const limit = once(3)
    ? [
        `limit_except ${pick(['GET', 'POST', 'HEAD PUT'])} {
          ${pick(['deny all;', 'allow all;', proxy])}
        }`,
      ]
    : []
  const more = pick([
    '',
    'satisfy any; deny all; allow 127.0.0.1;',
    'error_page 404 405 502 = @named;',
    'error_page 404 /s1;',
    'try_files /no @named;',
    'internal;',
    'keepalive_timeout 0;',
    'proxy_next_upstream error timeout non_idempotent;',
    'proxy_next_upstream off;',
    'proxy_buffering off;',
    'proxy_request_buffering off;',
    'proxy_read_timeout 200ms;',
  ])
  const nested =
    depth > 0
      ? Array.from({ length: below(3) }, (_, index) =>
          randomLocation(dice, upstream, `${path}${index}`, depth - 1),
        )
      : []
  const parts = [content(), ...ifs, ...limit, more, ...nested]
  const shuffled = parts
    .map((part) => ({ part, key: below(1 << 30) }))
    .sort((one, two) => one.key - two.key)
    .map(({ part }) => part)
  return `location ${path} { ${shuffled.join(' ')} }`
}

/** The middle of a `server` with a few such locations. */
export const randomServer = (dice: Dice, upstream: string): string =>
  [
    dice.once(4) ? `jvm_route_status ${upstream};` : '',
    dice.once(3) ? `if ${dice.pick(conditions)} { set $y 2; }` : '',
    ...['/s', '/t', '/'].map((path) => randomLocation(dice, upstream, path, 2)),
    `location @named { ${dice.pick(['return 200 named;', `jvm_route_status ${upstream};`, `proxy_pass http://${upstream};`])} }`,
  ].join('\n')
