import { type CodeTable, reporterFor } from '../diagnostics/diagnostic.ts'

/** What a session store needs of affinity, of its servers and of its neighbours. */
export const storeCodes = {
  'route-without-suffix': {
    severity: 'error',
    summary: 'A route is looked for in session ids that have none',
    why: 'Only Tomcat appends its jvmRoute. Spring Session encodes its cookie and forgets a session whose id another server made; PHP and Django append nothing: no request would match a server.',
  },
  'store-not-shared': {
    severity: 'error',
    summary: 'Each server has its own sessions, and requests go anywhere',
    why: 'A request that reaches another server than the one before finds no session there, or one of a minute ago, and begins a new one.',
  },
  'file-store-local': {
    severity: 'error',
    summary: 'Session files in a folder that each server has to itself',
    why: 'A relative path and a temporary folder are on the disk of each server: the sessions are not shared, however often the spec says so.',
  },
  'file-store-network': {
    severity: 'warning',
    summary: 'Session files must be on a network file system',
    why: 'Every server has to see the same folder, and every request waits for it; when it stalls, all servers do.',
  },
  'store-last-writer': {
    severity: 'warning',
    summary: 'Parallel requests of one browser overwrite each other',
    why: 'Two requests that two servers answer at once both read the session, and each writes all of it: what one of them changed is lost.',
  },
  'replication-without-affinity': {
    severity: 'warning',
    summary: 'Replication without affinity',
    why: 'Tomcat asks for sticky sessions here: the next request may reach a server before the copy does, and parallel ones overwrite each other. sessctl lets each request wait for the copies (channelSendOptions 6), which makes it slower and not safe.',
  },
  'delta-many-servers': {
    severity: 'warning',
    summary: 'DeltaManager with many servers',
    why: 'Every change of every session is sent to every server, and each of them keeps them all in memory; Tomcat advises against it beyond four.',
  },
  'backup-same-host': {
    severity: 'warning',
    summary: 'Session and copy may be on one machine',
    why: 'BackupManager keeps one copy, on any other server. When both are on the machine that fails, the session is gone.',
  },
  'multicast-silent': {
    severity: 'warning',
    summary: 'Multicast fails in silence',
    why: 'Where the network does not carry multicast, each server believes that it is alone, says nothing, and copies no session.',
  },
  'multicast-impossible': {
    severity: 'error',
    summary: 'Multicast where none is carried',
    why: 'Clouds, Kubernetes and the bridges of containers drop it: each server would be a cluster of its own, without a word of it.',
  },
  'multicast-shared': {
    severity: 'error',
    summary: 'Two clusters in one multicast group',
    why: 'Their servers would become members of each other, send each other their sessions, and fail to read them.',
  },
  'redisson-memory': {
    severity: 'warning',
    summary: 'Copies in memory that may be stale',
    why: 'With readMode MEMORY a server learns of a change by a message of Redis, which may come later than the next request.',
  },
  'redisson-in-place': {
    severity: 'warning',
    summary: 'Objects that change in place are not saved',
    why: 'With updateMode DEFAULT Redisson writes what setAttribute is told. A list in the session that grows without it is as before in the next request.',
  },
  'store-route-stays': {
    severity: 'warning',
    summary: 'The route in the session id outlives its server',
    why: 'The session manager does not rewrite the id: after a failover every request names a server that is down, and is balanced like that of a new client.',
  },
  'store-shared-keys': {
    severity: 'warning',
    summary: 'Two applications share the keys of one store',
    why: 'Session ids of two applications can meet, and whoever clears the sessions of one clears those of both.',
  },
  'store-mixed-tomcats': {
    severity: 'error',
    summary: 'Two lines of Tomcat share sessions',
    why: 'Sessions are serialised Java objects. What one line wrote another may not read: javax and jakarta are different classes.',
  },
  'memcached-sticky-without-affinity': {
    severity: 'error',
    summary: 'Sticky memcached-session-manager without affinity',
    why: 'Each Tomcat trusts the copy in its own memory and only writes to memcached: requests that go anywhere see sessions of different ages.',
  },
  'memcached-failback': {
    severity: 'error',
    summary: 'Clients go back to a stale copy',
    why: 'With a hash clients return to their server as soon as it does, and it answers from the session that it had in memory before. By route they stay with the server that took them over.',
  },
  'memcached-learn': {
    severity: 'warning',
    summary: 'Learned affinity with copies in memory',
    why: 'What the balancer learned may lead back to a server whose copy is older than the one in memcached. The route moves with the session.',
  },
  'memcached-nonsticky-route': {
    severity: 'error',
    summary: 'A route in sessions that belong to no server',
    why: 'With sticky: false any server may answer, and memcached-session-manager asks for no jvmRoute: session ids end without one, and no request matches.',
  },
  'memcached-without-locking': {
    severity: 'warning',
    summary: 'Non-sticky sessions without locks',
    why: 'Of two parallel requests the one that ends last overwrites what the other one changed.',
  },
  'memcached-redis-single': {
    severity: 'warning',
    summary: 'Sessions in one Redis that nobody replaces',
    why: 'memcached-session-manager speaks to a single Redis, and follows no failover: while it is away there are no sessions.',
  },
  'store-evicts': {
    severity: 'warning',
    summary: 'Redis throws sessions away when its memory is full',
    why: 'A policy that evicts whatever was not used lately logs users out at random. noeviction refuses to write, which is seen; volatile-ttl takes what ends next anyhow.',
  },
  'memcached-forgets': {
    severity: 'info',
    summary: 'memcached forgets sessions when its memory is full',
    why: 'It is a cache: it drops the oldest entries, and everything at a restart.',
  },
  'ip-hash-shared-address': {
    severity: 'warning',
    summary: 'Many clients may have one address',
    why: 'Everybody behind a CDN, another balancer or the router of a company comes from a few addresses: one server gets them all, and a CDN that changes its address moves users away from their sessions.',
  },
  'redis-several-addresses': {
    severity: 'error',
    summary: 'Several addresses for a single Redis',
    why: 'They are no spare ones. PHP divides the sessions between them, and each that fails takes its part along; Django writes to the first and reads from the others; Redisson and Spring know one address.',
  },
  'library-unpinned': {
    severity: 'warning',
    summary: 'A jar that cannot be verified',
    why: 'What goes into the lib folder of a Tomcat runs with all its rights. sessctl brings only jars whose SHA-256 it knows.',
  },
  'jdbc-driver-mismatch': {
    severity: 'error',
    summary: 'A JDBC driver of another database than the URL',
    why: 'A driver accepts URLs of its own database only: the application finds no suitable driver, and no session is stored.',
  },
  'jdbc-driver-unknown': {
    severity: 'info',
    summary: 'A JDBC driver that has to be brought by hand',
    why: 'Only the drivers of PostgreSQL, MySQL and MariaDB are known by their classes.',
  },
  'redis-master-missing': {
    severity: 'error',
    summary: 'Sentinels without the name of the master',
    why: 'Sentinels watch several masters, and are asked for one by its name.',
  },
} as const satisfies CodeTable

export const report = reporterFor(storeCodes)
