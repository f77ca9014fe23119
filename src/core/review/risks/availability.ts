import { usableServers } from '../routing/binding.ts'
import { named, percent } from '../shares.ts'
import { type Circumstances, type FoundRisk, upstreamRisk } from './found.ts'
import { advice } from './remedies.ts'

const capacity = (of: Circumstances): readonly FoundRisk[] => {
  const { after, before } = of.effect.pair
  const [old, now] = [usableServers(before.servers), usableServers(after.servers)]
  if (now.length >= old.length || now.length === 0) return []
  return [
    upstreamRisk(of, {
      code: 'fewer-servers',
      kind: 'availability',
      message: `upstream ${after.name} has ${now.length} instead of ${old.length} servers for new requests: ${now.length === 1 ? 'it' : 'each'} gets ${percent(old.length / now.length - 1)} more`,
      remedies: now.length === 1 ? [advice('keep two servers: one alone has no failover')] : [],
      at: [...after.path, 'servers'],
      share: 1 - now.length / old.length,
    }),
  ]
}

const restarts = (of: Circumstances): readonly FoundRisk[] => {
  const { losesAtRestart, pair, restarted } = of.effect
  const { after } = pair
  // A restart that sessions depend on has a risk of its own.
  if (restarted.length === 0 || losesAtRestart) return []
  const usable = usableServers(after.servers)
  const isOnly = usable.length < 2
  return [
    upstreamRisk(of, {
      code: 'restart',
      kind: 'availability',
      message: isOnly
        ? `${named(restarted.map(({ name }) => name))} must restart, and upstream ${after.name} has no other server: requests get an error meanwhile`
        : `${named(restarted.map(({ name }) => name))} must restart to read the new files`,
      remedies: isOnly ? [] : [advice('restart one server after the other')],
      at: after.path,
      share: restarted.length / after.servers.length,
    }),
  ]
}

const javaxToJakarta = (of: Circumstances): readonly FoundRisk[] => {
  const { before, after } = of.effect.pair
  if (before.app.runtime !== 'tomcat' || after.app.runtime !== 'tomcat') return []
  const isJakarta = ({ parts }: typeof after.app.version): boolean => parts[0] >= 10
  if (isJakarta(before.app.version) === isJakarta(after.app.version)) return []
  const at = [...after.path, 'app', 'version']
  const names = `Tomcat ${before.app.version.text} and ${after.app.version.text}`
  const migration = upstreamRisk(of, {
    code: 'servlet-namespace',
    kind: 'availability',
    message: `${names} have different packages (javax.servlet, jakarta.servlet): the application of upstream ${after.name} must be built for the new one`,
    remedies: [
      advice('migrate the application with the Tomcat migration tool for Jakarta EE first'),
    ],
    at,
    share: 1,
  })
  if (of.effect.holder !== 'all') return [migration]
  return [
    migration,
    upstreamRisk(of, {
      code: 'stored-by-other-release',
      kind: 'sessions',
      message: `sessions of upstream ${after.name} are kept only if their attributes contain no class that the migrated application does not have`,
      remedies: [
        advice('try it with one server: a session that was created before must be readable there'),
      ],
      at,
      share: 0,
      condition: `the new application of upstream ${after.name} can read those of the old one`,
    }),
  ]
}

const shorterLifetime = (of: Circumstances): readonly FoundRisk[] => {
  const { before, after } = of.effect.pair
  if (before.app.runtime === 'none' || after.app.runtime === 'none') return []
  const [was, is] = [before.app.sessions, after.app.sessions]
  if (was.store === 'none' || is.store === 'none') return []
  if (is.lifetimeMs === null || was.lifetimeMs === null || is.lifetimeMs >= was.lifetimeMs)
    return []
  return [
    upstreamRisk(of, {
      code: 'lifetime-shorter',
      kind: 'sessions',
      message: `sessions of upstream ${after.name} that were idle for longer than the new lifetime end`,
      remedies: [],
      at: [...after.path, 'app', 'sessions', 'lifetime'],
      share: 0,
      condition: `the users of upstream ${after.name} send a request within the new lifetime`,
    }),
  ]
}

const renamed = (of: Circumstances): readonly FoundRisk[] => {
  const { before, after } = of.effect.pair
  return before.name === after.name
    ? []
    : [
        upstreamRisk(of, {
          code: 'upstream-renamed',
          kind: 'cosmetic',
          message: `logs, metrics and status pages show upstream ${before.name} as ${after.name}`,
          remedies: [],
          at: after.path,
          share: 0,
        }),
      ]
}

export const availabilityRisks = (of: Circumstances): readonly FoundRisk[] => [
  ...capacity(of),
  ...restarts(of),
  ...javaxToJakarta(of),
  ...shorterLifetime(of),
  ...renamed(of),
]
