import type { UpstreamPair } from '../match.ts'
import type { Remedy } from '../review.ts'
import { isInMemory, type Loss } from '../sessions/stores.ts'
import { named, percent, shareOf } from '../shares.ts'
import { type Circumstances, type FoundRisk, upstreamRisk } from './found.ts'
import { advice, drainFirst, shareSessions } from './remedies.ts'

/** Whether both stores have the same format: sessions can be copied from one to the other. */
const isSameKind = ({ before, after }: UpstreamPair): boolean => {
  const [old, now] = [before.app, after.app]
  if (old.runtime === 'none' || now.runtime === 'none') return false
  return old.runtime === now.runtime && old.sessions.store === now.sessions.store
}

/** What keeps sessions readable, by the code of the loss. */
const remediesOf = ({ code }: Loss, { effect, after }: Circumstances): readonly Remedy[] => {
  const { pair } = effect
  const beside: Remedy = drainFirst(
    'the servers one after the other',
    'restart them with the new settings',
    pair.after,
    after,
  )
  switch (code) {
    case 'session-cookie-renamed':
      return [advice('keep the name of the session cookie'), beside]
    case 'store-keys':
      return [
        advice('keep the value, or copy the keys of the store to their new names first'),
        beside,
      ]
    case 'store-replaced':
      return isSameKind(pair)
        ? [advice('copy the sessions to the new store before the servers restart'), beside]
        : [beside]
    default:
      return [beside]
  }
}

/** Sessions that no server can read after the change. */
export const unreadableSessions = (of: Circumstances): readonly FoundRisk[] =>
  of.effect.losses.map((loss) =>
    upstreamRisk(of, {
      code: loss.code,
      kind: 'sessions',
      message: `${shareOf(loss.share, `sessions of upstream ${of.effect.pair.after.name}`)} are lost: ${loss.reason}`,
      remedies: remediesOf(loss, of),
      at: loss.at,
      share: loss.share,
    }),
  )

const tooManyNames = 3

/** Sessions in the memory of servers that restart. */
export const restartedSessions = (of: Circumstances): readonly FoundRisk[] => {
  const { holder, losesAtRestart, losses, pair, restarted } = of.effect
  const { after } = pair
  if (losses.length > 0 || restarted.length === 0 || after.app.runtime === 'none') return []
  const names = named(restarted.map(({ name }) => name))
  const at = [...after.path, 'app']
  if (losesAtRestart) {
    const total = after.servers.reduce((sum, { weight }) => sum + weight, 0)
    const share = restarted.reduce((sum, { weight }) => sum + weight, 0) / total
    return [
      upstreamRisk(of, {
        code: 'restart-loses-sessions',
        kind: 'sessions',
        message: `${names} must restart: a session that gets a request meanwhile (up to ${percent(share)} of upstream ${after.name}) continues on another server, which does not know it`,
        remedies: [
          drainFirst(
            restarted.length > tooManyNames ? 'one server after the other' : names,
            restarted.length === 1 || restarted.length > tooManyNames
              ? 'restart it'
              : 'restart them',
            after,
            of.after,
          ),
          shareSessions(after),
        ],
        at,
        share,
      }),
    ]
  }
  if (holder !== 'all' || !isInMemory(after.app)) return []
  return [
    upstreamRisk(of, {
      code: 'restart-together',
      kind: 'sessions',
      message:
        restarted.length < after.servers.length
          ? `${names} must restart: their sessions survive on the other servers of upstream ${after.name} only if these keep running`
          : `all servers of upstream ${after.name} must restart: their sessions survive only if the servers restart one after the other`,
      remedies: [
        {
          text: 'restart one server, wait until it is a member of the replication again, then restart the next one',
          commands: [],
        },
      ],
      at,
      share: 0,
      condition:
        restarted.length < after.servers.length
          ? `the other servers of upstream ${after.name} run while ${names} ${restarted.length === 1 ? 'restarts' : 'restart'}`
          : `the servers of upstream ${after.name} restart one after the other`,
    }),
  ]
}

/** Servers that were drained, and may still have sessions. */
export const sessionsLeft = (of: Circumstances): readonly FoundRisk[] => {
  const { holder, pair } = of.effect
  if (holder !== 'server' && holder !== 'unknown') return []
  const left = pair.servers.filter(
    ({ before, after }) => before?.state === 'drain' && (after === null || after.state === 'down'),
  )
  const [first] = left
  if (first?.before === undefined || first.before === null) return []
  const names = named(left.flatMap(({ before }) => (before === null ? [] : [before.name])))
  return [
    {
      ...upstreamRisk(of, {
        code: 'sessions-left',
        kind: 'sessions',
        message: `sessions that are left on the drained ${left.length === 1 ? 'server' : 'servers'} ${names} are lost`,
        remedies: [
          advice(
            'check that the servers have no sessions any more: in Tomcat, activeSessions of the Manager in JMX, or the Manager application',
          ),
        ],
        at: (first.after ?? first.before).path,
        share: 0,
        condition: `the drained ${left.length === 1 ? 'server' : 'servers'} ${names} ${left.length === 1 ? 'has' : 'have'} none left`,
      }),
      side: first.after === null ? ('before' as const) : ('after' as const),
    },
  ]
}
