import type { CodeTable } from '../diagnostics/diagnostic.ts'

/** What a session store needs of affinity, of its servers and of its neighbours. */
export const storeCodes = {
  'route-without-suffix': {
    severity: 'error',
    summary: 'A route is read from session ids that contain none',
    why: 'Only Tomcat appends its jvmRoute. Spring Session encodes its cookie and rejects an id that another server created; PHP and Django append nothing: no request would match a server.',
  },
  'store-not-shared': {
    severity: 'error',
    summary: 'Each server has its own sessions, and requests are sent to all servers',
    why: 'A request that reaches another server than the previous one finds no session there, or an outdated one, and starts a new one.',
  },
  'file-store-local': {
    severity: 'error',
    summary: 'Session files in a folder that is local to each server',
    why: 'A relative path or a temporary folder is on the disk of each server: the sessions are not shared, even if the spec says so.',
  },
  'file-store-network': {
    severity: 'warning',
    summary: 'Session files must be on a network file system',
    why: 'Every server must see the same folder, and every request waits for it. When the file system stalls, all servers stall.',
  },
  'store-last-writer': {
    severity: 'warning',
    summary: 'Parallel requests of one browser overwrite each other',
    why: 'When two servers answer two requests at the same time, both read the session and each writes all of it: the changes of one of them are lost.',
  },
  'replication-without-affinity': {
    severity: 'warning',
    summary: 'Replication without affinity',
    why: 'Tomcat expects sticky sessions here: the next request may reach a server before the copy does, and parallel requests overwrite each other. sessctl makes each request wait for the copies (`channelSendOptions` 6), which makes it slower but not safe.',
  },
  'delta-many-servers': {
    severity: 'warning',
    summary: 'DeltaManager with many servers',
    why: 'Every change of every session is sent to every server, and each server keeps all sessions in memory. Tomcat advises against it beyond four servers.',
  },
  'backup-same-host': {
    severity: 'warning',
    summary: 'A session and its copy may be on one machine',
    why: 'BackupManager keeps one copy, on any other server. If both are on the machine that fails, the session is lost.',
  },
  'multicast-silent': {
    severity: 'warning',
    summary: 'Multicast fails without an error',
    why: 'Where the network does not carry multicast, each server forms a cluster of its own, reports no error and replicates no session.',
  },
  'multicast-impossible': {
    severity: 'error',
    summary: 'Multicast on a network that does not carry it',
    why: 'Clouds, Kubernetes and container bridges drop multicast: each server would form a cluster of its own without an error.',
  },
  'multicast-shared': {
    severity: 'error',
    summary: 'Two clusters in one multicast group',
    why: 'Their servers would become members of one cluster, send each other their sessions, and fail to read them.',
  },
  'redisson-memory': {
    severity: 'warning',
    summary: 'Copies in memory that may be outdated',
    why: 'With readMode MEMORY a server learns of a change through a message from Redis, which may arrive after the next request.',
  },
  'redisson-in-place': {
    severity: 'warning',
    summary: 'Changes inside an object are not saved',
    why: 'With updateMode DEFAULT Redisson writes what is passed to `setAttribute`. A list in the session that is extended without it has its old content in the next request.',
  },
  'store-route-stays': {
    severity: 'warning',
    summary: 'The route in the session id is not updated after a failover',
    why: 'The session manager does not rewrite the id: after a failover every request names a server that is down and is balanced like that of a new client.',
  },
  'store-shared-keys': {
    severity: 'warning',
    summary: 'Two applications use the same keys in one store',
    why: 'Session ids of the two applications can collide, and clearing the sessions of one clears those of both.',
  },
  'store-mixed-tomcats': {
    severity: 'error',
    summary: 'Two release lines of Tomcat share sessions',
    why: 'Sessions are serialised Java objects. One release line may be unable to read what another one wrote: javax and jakarta are different classes.',
  },
  'memcached-sticky-without-affinity': {
    severity: 'error',
    summary: 'Sticky memcached-session-manager without affinity',
    why: 'Each Tomcat reads the copy in its own memory and only writes to memcached: if requests are sent to all servers, they see outdated sessions.',
  },
  'memcached-failback': {
    severity: 'error',
    summary: 'Clients return to an outdated copy',
    why: 'With a hash, clients return to their server as soon as it is up again, and it answers from the session that it had in memory before. With a route they stay on the server that took them over.',
  },
  'memcached-learn': {
    severity: 'warning',
    summary: 'Learned affinity with copies in memory',
    why: 'A learned entry may lead back to a server whose copy is older than the one in memcached. The route moves with the session.',
  },
  'memcached-nonsticky-route': {
    severity: 'error',
    summary: 'A route for sessions that belong to no server',
    why: 'With sticky: false any server may answer, and memcached-session-manager does not use a jvmRoute: session ids contain no route, and no request matches a server.',
  },
  'memcached-without-locking': {
    severity: 'warning',
    summary: 'Non-sticky sessions without locks',
    why: 'Of two parallel requests, the one that ends last overwrites the changes of the other.',
  },
  'memcached-redis-single': {
    severity: 'warning',
    summary: 'Sessions in a single Redis without failover',
    why: 'memcached-session-manager connects to a single Redis and follows no failover: while it is down there are no sessions.',
  },
  'store-evicts': {
    severity: 'warning',
    summary: 'Redis evicts sessions when its memory is full',
    why: 'A policy that evicts keys by use or at random logs users out before their sessions expire. noeviction refuses writes, which is visible; volatile-ttl evicts the sessions that expire next.',
  },
  'memcached-forgets': {
    severity: 'info',
    summary: 'memcached evicts sessions when its memory is full',
    why: 'It is a cache: it evicts entries when its memory is full, and a restart deletes everything.',
  },
  'ip-hash-shared-address': {
    severity: 'warning',
    summary: 'Many clients may have one address',
    why: 'All clients behind a CDN, another load balancer or the router of a company come from a few addresses: one server gets all of them, and a CDN that changes its address moves clients away from their sessions.',
  },
  'redis-several-addresses': {
    severity: 'error',
    summary: 'Several addresses for a single Redis',
    why: 'They are not used for failover. PHP distributes the sessions over them, and each address that fails takes its sessions with it; Django writes to the first and reads from the others; Redisson and Spring use one address.',
  },
  'library-unpinned': {
    severity: 'warning',
    summary: 'A jar that cannot be verified',
    why: 'The lib folder of a Tomcat is code that runs with all its rights. sessctl downloads only jars whose SHA-256 it knows.',
  },
  'jdbc-driver-mismatch': {
    severity: 'error',
    summary: 'A JDBC driver for another database than the URL',
    why: 'A driver accepts URLs of its own database only: the application finds no suitable driver and stores no session.',
  },
  'jdbc-driver-unknown': {
    severity: 'info',
    summary: 'A JDBC driver that must be installed by hand',
    why: 'sessctl knows the jars of the drivers of PostgreSQL, MySQL and MariaDB only.',
  },
  'redis-master-missing': {
    severity: 'error',
    summary: 'Sentinel without the name of the master',
    why: 'Sentinels monitor several masters; a client asks for one of them by its name.',
  },
} as const satisfies CodeTable
