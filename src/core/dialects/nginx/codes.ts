import { type CodeTable, reporterFor } from '../../diagnostics/diagnostic.ts'

/** What nginx and its descendants cannot say, and what they are told in another way. */
export const nginxCodes = {
  'nginx-version': {
    severity: 'error',
    summary: 'A release that is too old to write for',
    why: 'Zones, hashes and modules that everything here builds on came later.',
  },
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
  'nginx-hash-cookie': {
    severity: 'warning',
    summary: 'The session cookie as the key of a hash',
    why: 'The request that begins a session has no cookie yet: whoever answers it is not the server that the new id hashes to, so the session is lost with the second request.',
  },
  'nginx-hash-empty': {
    severity: 'warning',
    summary: 'A key that can be empty, before nginx 1.17.1',
    why: 'The empty key is hashed like any other text: all requests without it go to one server.',
  },
  'nginx-variable': {
    severity: 'error',
    summary: 'A "$" that is no variable of nginx',
    why: 'nginx refuses to start.',
  },
  'nginx-variable-unknown': {
    severity: 'warning',
    summary: 'A variable that nginx itself does not define',
    why: 'Unless another file defines it, nginx refuses to start.',
  },
  'nginx-dollar': {
    severity: 'error',
    summary: 'A "$" in text that is meant as it stands',
    why: 'nginx replaces what follows by the value of a variable, and has no way to write a plain "$".',
  },
  'nginx-word-long': {
    severity: 'error',
    summary: 'Text that is too long for one word of nginx configuration',
    why: 'nginx reads a word within a buffer of 4,096 bytes ("too long parameter").',
  },
  'nginx-listen': {
    severity: 'error',
    summary: 'Listeners that nginx cannot have beside each other',
    why: 'nginx speaks either TLS or plain HTTP on a socket.',
  },
  'nginx-certificates': {
    severity: 'error',
    summary: 'Several certificates in one frontend',
    why: 'A server of nginx has one certificate for all its listeners.',
  },
  'nginx-server-name': {
    severity: 'error',
    summary: 'A name that no request can ask for, or that nginx refuses',
    why: 'nginx refuses some of them, and silently never matches the others.',
  },
  'nginx-server-name-conflict': {
    severity: 'error',
    summary: 'Two frontends answer for the same name on the same socket',
    why: 'nginx warns and ignores the second: its locations are never reached.',
  },
  'nginx-location': {
    severity: 'error',
    summary: 'A location that nginx refuses or never reaches',
    why: 'A broken expression stops nginx; a path that does not begin with "/" matches nothing.',
  },
  'nginx-index': {
    severity: 'error',
    summary: 'A whole path before the last of the index names',
    why: 'nginx goes there at once and never looks at the names behind it.',
  },
  'nginx-header-twice': {
    severity: 'error',
    summary: 'One header of the proxied request is there twice',
    why: 'nginx would send both, and application servers disagree on which one counts.',
  },
  'nginx-client-address': {
    severity: 'error',
    summary: "The client's address from something that is no header",
    why: 'real_ip_header takes the word proxy_protocol for the protocol, which the listener must expect as well.',
  },
  'nginx-own-scheme': {
    severity: 'warning',
    summary: 'A proxy in front that cannot say that HTTPS ends there',
    why: 'X-Forwarded-Proto is believed of trusted proxies only, and before 1.9.7 nginx forgets who sent a request as soon as it knows the client.',
  },
  'nginx-upstream-name': {
    severity: 'error',
    summary: 'Upstream names that differ in case only',
    why: 'nginx compares them without regard to case and refuses the second.',
  },
  'nginx-next-upstream': {
    severity: 'error',
    summary: 'A reason to try the next server that this release does not know',
    why: 'nginx would refuse to start.',
  },
  'nginx-check-passive': {
    severity: 'warning',
    summary: 'Nothing checks the servers actively',
    why: 'nginx notices a dead server by failed requests of its users only.',
  },
  'nginx-check-uri': {
    severity: 'warning',
    summary: 'A check by connection where NGINX Plus asks for a page',
    why: 'Its HTTP checks are requests: a server that answers "/" with an error is taken out.',
  },
  'nginx-sticky-ng-build': {
    severity: 'warning',
    summary: 'sticky-ng for a release that it does not compile for',
    why: 'nginx 1.23.0 changed the structure that its sources read cookies from.',
  },
  'nginx-session-sticky-blind': {
    severity: 'warning',
    summary: 'session_sticky without active checks',
    why: "It asks neither max_fails nor down of a pinned server: each request of a dead server's sessions waits for it first.",
  },
  'nginx-down-left-out': {
    severity: 'info',
    summary: 'A server that is down is not written for session_sticky',
    why: 'The module does not ask whether a pinned server is down: only a server it does not know gets no requests.',
  },
  'nginx-status-connections': {
    severity: 'warning',
    summary: 'A status location that knows nothing of its upstream',
    why: 'nginx itself counts only its own connections.',
  },
  'nginx-file-name': {
    severity: 'error',
    summary: 'The name of the cluster is the name of another file',
    why: 'One of the two files would overwrite the other.',
  },
  'nginx-load-module': {
    severity: 'error',
    summary: 'A module that cannot be loaded',
    why: 'nginx loads modules since 1.9.11, and some change its core and must be built in.',
  },
  'nginx-modules-file': {
    severity: 'info',
    summary: 'load_module lines in a file of their own',
    why: 'nginx takes them at the top of nginx.conf only, before everything else.',
  },
  'nginx-hash-size': {
    severity: 'info',
    summary: "Sizes of nginx's hashes are written",
    why: 'With long or many names nginx warns of its default sizes, or does not start.',
  },
} as const satisfies CodeTable

export const report = reporterFor(nginxCodes)
