import { proposedRelease } from '../model/releases/index.ts'

/** The proxies, application servers and kinds of session stores that `sessctl init` offers. */
export const initialChoices = {
  proxy: ['nginx', 'haproxy', 'httpd'],
  runtime: ['tomcat', 'spring', 'php', 'django'],
  sessions: ['local', 'shared'],
} as const

type ChoiceOf<Name extends keyof typeof initialChoices> = (typeof initialChoices)[Name][number]

export interface InitialServer {
  readonly name: string
  /** `10.0.0.11:8080` */
  readonly address: string
}

/** The answers that a first spec is made from. */
export interface InitialSpec {
  readonly name: string
  readonly hostName: string
  readonly proxies: readonly ChoiceOf<'proxy'>[]
  /** The version of a proxy on this host, where it is known. */
  readonly versions: Readonly<Partial<Record<ChoiceOf<'proxy'>, string>>>
  readonly runtime: ChoiceOf<'runtime'>
  readonly sessions: ChoiceOf<'sessions'>
  readonly servers: readonly InitialServer[]
}

/** Where sessions are, by runtime and choice. Spring Session has no local store of its own. */
const stores: Readonly<
  Record<ChoiceOf<'runtime'>, Readonly<Record<ChoiceOf<'sessions'>, string>>>
> = {
  tomcat: {
    local: '{ store: local }  # in each server; also: backup, delta, jdbc, redisson, …',
    shared: '{ store: redisson, use: sessions }',
  },
  spring: {
    local: '{ store: none }  # sessctl configures shared sessions only',
    shared: '{ store: spring-session, use: sessions }',
  },
  php: {
    local: '{ store: files }  # of each server; also: redis, memcached, …',
    shared: '{ store: redis, use: sessions }',
  },
  django: {
    local: '{ store: db }  # the database of the application; also: cache, cached_db, …',
    shared: '{ store: cache, use: sessions }',
  },
}

/** Tomcat's route in the session id does not change when a shared store moves a session. */
const affinityOf = ({ runtime, sessions }: InitialSpec): string =>
  runtime === 'tomcat' && sessions === 'local'
    ? '{ method: jvm_route }  # by the route that Tomcat appends to the session id; also: ip_hash, hash, sticky'
    : '{ method: sticky, by: cookie }  # by a cookie that the proxy sets; also: ip_hash, hash'

/** A commented spec, as YAML. */
export const initialSpec = (given: InitialSpec): string => {
  const { name, hostName, proxies, versions, runtime, sessions, servers } = given
  const width = Math.max(...servers.map((server) => server.name.length))
  const targets = proxies.map((proxy) => {
    const found = versions[proxy]
    const from = found === undefined ? 'set this to the release that you run' : 'found on this host'
    return `  ${proxy}: { version: "${found ?? proposedRelease(proxy)}" }  # ${from}`
  })
  return `# The spec of sessctl: edit it, then run sessctl generate.
# Completion and checks in an editor: see sessctl help schema.
version: 1
name: ${name}

# The proxies to generate configuration for.
targets:
${targets.join('\n')}

# Where requests come in, and which upstream answers them.
frontends:
  web:
    listen: [80]
    serverNames: [${hostName}]
    locations:
      - { match: /, upstream: ${name} }

# The servers, and how requests find the server that has their session.
upstreams:
  ${name}:
    affinity: ${affinityOf(given)}
    servers:
${servers.map((server) => `      ${`${server.name}:`.padEnd(width + 1)} ${server.address}`).join('\n')}
    app:
      runtime: ${runtime}
      version: "${proposedRelease(runtime)}"  # set this to the release that you run
      sessions: ${stores[runtime][sessions]}
${
  sessions === 'local'
    ? ''
    : `
# Where the servers keep shared sessions.
stores:
  sessions:
    kind: redis
    addresses: [10.0.0.21:6379]
    password: { env: REDIS_PASSWORD }
`
}`
}
