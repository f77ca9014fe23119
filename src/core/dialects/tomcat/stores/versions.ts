import type { TomcatApp } from '../../../model/app.ts'
import { isReplicated, type Membership, type TomcatSessions } from '../../../model/sessions.ts'
import { features, hasSince, type Since } from '../release.ts'

/** Something that a release of Tomcat does not have. */
export interface Lack {
  /** Of the `sessions` map: where it was asked for. */
  readonly key: 'store' | 'membership' | 'encryptionKey'
  readonly message: string
  readonly help: string
}

/** The classes of a membership; those left out are in every release. */
const memberships: Readonly<Partial<Record<Membership, Since>>> = {
  static: features.localMember,
  'static-service': features.staticMembershipService,
  dns: features.dnsMembership,
  kubernetes: features.cloudMembership,
}

const since = (first: Since): string =>
  `it came with ${Object.values(first)
    .filter((release) => !/^(?:10|11)\./.test(release))
    .join(', ')}: name such a release in full`

const replicationLacks = (
  app: TomcatApp,
  sessions: Extract<TomcatSessions, { store: 'delta' | 'backup' }>,
): readonly Lack[] => {
  const { text } = app.version
  const lacks: Lack[] = []
  const { membership } = sessions
  const first = memberships[membership]
  if (first !== undefined && !hasSince(app.version, first)) {
    const message = `Tomcat ${text} has no membership "${membership}"`
    const help = membership === 'static' ? since(first) : `${since(first)}, or write static`
    lacks.push({ key: 'membership', message, help })
  }
  if (sessions.encryptionKey !== null && !hasSince(app.version, features.encryptInterceptor)) {
    const message = `Tomcat ${text} cannot encrypt what its servers send each other`
    lacks.push({ key: 'encryptionKey', message, help: since(features.encryptInterceptor) })
  }
  return lacks
}

/** Managers that are built for some lines only, with what to use instead. */
const lackingManager = ({ version, sessions }: TomcatApp): readonly Lack[] => {
  const { text } = version
  const instead = 'use store: redisson, or delta'
  if (sessions.store === 'memcached' && !hasSince(version, features.memcachedSessionManager)) {
    const message = `memcached-session-manager requires javax.servlet, which Tomcat ${text} no longer has`
    return [{ key: 'store', message, help: instead }]
  }
  if (sessions.store === 'tomcat-redis' && !hasSince(version, features.tomcatRedis)) {
    const message = `tomcat-redis-session-manager is for Tomcat 7: in ${text} classes are missing that it calls`
    return [{ key: 'store', message, help: instead }]
  }
  return []
}

/** What this Tomcat lacks of what its session store needs. */
export const lackingIn = (app: TomcatApp): readonly Lack[] => {
  const { sessions } = app
  return isReplicated(sessions) ? replicationLacks(app, sessions) : lackingManager(app)
}
