import type { CodeTable } from '../../diagnostics/diagnostic.ts'

/** What is said of an upstream: its affinity, its balancing, its servers. */
export const balancingCodes = {
  'nginx-affinity': {
    severity: 'error',
    summary: 'An affinity that this target does not have',
    why: 'Without the directive nothing in this nginx could remember where a session began.',
  },
  'nginx-via': {
    severity: 'error',
    summary: 'A forced way of writing the affinity that is not there',
    why: '`via` names one way; when the target lacks it, choosing another one silently would not be what was asked for.',
  },
  'nginx-as-native': {
    severity: 'info',
    summary: "The affinity is written with nginx's own sticky",
    why: 'Maps find the route in the session id and `sticky route` obeys it; the module jvm_route is not needed.',
  },
  'nginx-as-maps': {
    severity: 'info',
    summary: 'The affinity is written as maps and one upstream block a server',
    why: 'Any nginx can do this: a map turns the route into the name of a block where that server comes first. Each block counts failures for itself, so a dead server is found once for every block.',
  },
  'nginx-as-userid': {
    severity: 'warning',
    summary: 'An affinity cookie is written as userid and hash',
    why: 'nginx without `sticky` can number its clients and hash the number. They stay on their server until the set of servers changes; then some move and lose what only their server had.',
  },
  'nginx-first-cookie': {
    severity: 'info',
    summary: 'Only the first of several session cookies is read',
    why: 'A browser sends several cookies of one name when they have several paths or domains. Tomcat takes the first session that it knows. With as many servers as here, maps cannot look for the first route that is one of theirs.',
  },
  'nginx-strict': {
    severity: 'error',
    summary: '`onFailure: strict` where nginx always chooses another server',
    why: 'A session that must not move would move as soon as its server fails.',
  },
  'nginx-balance': {
    severity: 'error',
    summary: 'A balancing method that this release does not have',
    why: 'nginx would refuse to start.',
  },
  'nginx-balance-conflict': {
    severity: 'error',
    summary: 'An affinity that is a balancing method, beside another method',
    why: 'nginx takes the last method of a block and says so in a warning only: one of the two would silently not apply.',
  },
  'nginx-backup': {
    severity: 'error',
    summary: 'A backup server beneath a method that knows none',
    why: 'hash, ip_hash and random have no backups: nginx refuses the parameter, or, when the method is written later, ignores what it means.',
  },
  'nginx-drain': {
    severity: 'error',
    summary: 'A server to drain where nginx cannot keep its sessions',
    why: 'Taken for `down`, the server would lose every session at once, which is what draining is there to avoid.',
  },
  'nginx-drain-is-down': {
    severity: 'info',
    summary: 'A drained server without affinity is written as down',
    why: 'Where no session is pinned there is nothing to keep: no new requests is all that draining can mean.',
  },
  'nginx-drain-dead': {
    severity: 'warning',
    summary: "nginx's sticky does not leave a drained server that is dead",
    why: 'It does not count drained servers among those to try: a pinned request gets 502 although other servers live.',
  },
  'nginx-max-conns': {
    severity: 'error',
    summary: 'A limit of connections that this target does not have',
    why: 'nginx has max_conns since 1.11.5; some modules read it and never look at it.',
  },
  'nginx-max-busy': {
    severity: 'error',
    summary: 'maxBusy without the jvm_route module',
    why: 'Only that module counts active requests over all workers; the limit would silently not apply.',
  },
  'nginx-maps-max-conns': {
    severity: 'warning',
    summary: 'maxConns counts for each upstream block alone',
    why: 'With maps a server stands in several blocks, and nginx shares no counter between them.',
  },
  'nginx-maps-backup': {
    severity: 'warning',
    summary: 'With maps a backup server is one among those that take over',
    why: 'In the block of a pinned server all the others are backups already, and nginx has no second rank.',
  },
  'nginx-maps-too-many': {
    severity: 'error',
    summary: 'Too many servers for maps',
    why: 'Every server stands in the block of every other one: 1,000 servers would be a million lines.',
  },
  'nginx-zone': {
    severity: 'error',
    summary: 'A shared memory zone that cannot be',
    why: 'nginx has zones since 1.9.0, and modules that keep servers in an array crash beside one.',
  },
  'nginx-zone-small': {
    severity: 'error',
    summary: 'A shared memory zone that is too small',
    why: 'nginx refuses zones below eight pages, and does not start when the servers do not fit.',
  },
  'nginx-zone-added': {
    severity: 'info',
    summary: 'An upstream gets a zone that was not asked for',
    why: 'Some settings count or show something only where the workers share memory.',
  },
  'nginx-cookie-name': {
    severity: 'error',
    summary: 'A cookie that the jvm_route module cannot name',
    why: 'Variables have letters, digits and "_" only.',
  },
  'nginx-cookie-attribute': {
    severity: 'error',
    summary: 'A cookie attribute that this target cannot set',
    why: 'The cookie would go out without it, and nobody would notice.',
  },
  'nginx-cookie-mode': {
    severity: 'error',
    summary: 'A mode of the affinity cookie that this target does not have',
    why: 'Only HAProxy and session_sticky put the route into a cookie of the application.',
  },
  'nginx-duration': {
    severity: 'error',
    summary: 'A time that nginx cannot count',
    why: 'Many of its times are whole seconds: it refuses `500ms` there.',
  },
  'nginx-hash-empty': {
    severity: 'warning',
    summary: 'A key that can be empty, before nginx 1.17.1',
    why: 'The empty key is hashed like any other text: all requests without it go to one server.',
  },
} as const satisfies CodeTable
