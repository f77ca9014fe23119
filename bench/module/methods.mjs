// The balancing methods that the module is laid over, and the share of requests with a session.

/** Of what is measured: nginx alone, the module over it, or nginx's own `sticky`. */
/** @typedef {'plain' | 'jvm_route' | 'sticky'} Affinity */

/** Lines of the upstream block, by the method's name. `$uri` is the same for each request. */
export const methods = {
  'round robin': '',
  least_conn: 'least_conn;',
  random: 'random;',
  'random two': 'random two;',
  hash: 'hash $uri;',
  'hash consistent': 'hash $uri consistent;',
  ip_hash: 'ip_hash;',
}

/** How the requests of a connection alternate: all with a session, or every other one new. */
export const traffics = /** @type {const} */ (['pinned', 'mixed'])

/** The cookies of a session on that server; `node` is for nginx's own `sticky`. */
const sessionOn = (/** @type {number} */ server) =>
  `JSESSIONID=0123456789ABCDEF0123456789ABCDEF.node${server}; node=node${server}`

/**
 * The requests of a connection: their sessions are on up to 100 servers, spread over all of them.
 * @param {'pinned' | 'mixed'} traffic @param {number} servers
 */
export const cookiesOf = (traffic, servers) => {
  const count = Math.min(servers, 100)
  const sessions = Array.from({ length: count }, (_, index) =>
    sessionOn(Math.floor(((index + 1) * servers) / count)),
  )
  return traffic === 'pinned' ? sessions : sessions.flatMap((session) => [session, ''])
}

const zeros = (/** @type {number} */ digit) => '0'.repeat(digit)

/**
 * 127.0.0.1, written in one of 10,000 ways: the address is the same, so that the kept connection to
 * it serves every server, and the name is not, so that a consistent hash takes them for many.
 * @param {number} index
 */
const address = (index) => {
  const digits = [1_000, 100, 10, 1].map((power) => Math.floor(index / power) % 10)
  const [a = 0, b = 0, c = 0, d = 0] = digits
  return `${zeros(a)}127.${zeros(b)}0.${zeros(c)}0.${zeros(d)}1`
}

/** What stands in a `server` line, and what ends the block. */
const parts = {
  plain: { parameter: () => '', line: '' },
  jvm_route: {
    parameter: (/** @type {string} */ id) => ` srun_id=${id}`,
    line: 'jvm_route $cookie_JSESSIONID|jsessionid reverse;',
  },
  sticky: {
    parameter: (/** @type {string} */ id) => ` route=${id}`,
    line: 'sticky route $cookie_node;',
  },
}

/**
 * @param {{ method: keyof typeof methods, affinity: Affinity, servers: number, backend: number }} what
 * @returns {string}
 */
export const upstreamOf = ({ method, affinity, servers, backend }) => {
  const { parameter, line } = parts[affinity]
  const lines = Array.from(
    { length: servers },
    (_, index) => `server ${address(index)}:${backend}${parameter(`node${index + 1}`)};`,
  )
  const keepalive = 'keepalive 16; keepalive_requests 1000000000;'
  return ['upstream app {', methods[method], ...lines, line, keepalive, '}'].join('\n')
}
