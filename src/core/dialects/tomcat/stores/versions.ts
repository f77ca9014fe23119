import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import { isReplicated } from '../../../model/sessions.ts'
import type { Membership } from '../../../spec/schema/app.ts'
import { report } from '../codes.ts'
import { features, hasSince, type Since } from '../release.ts'

/** The first releases with the classes of a membership; every release has the others. */
const memberships: Readonly<Partial<Record<Membership, Since>>> = {
  static: features.localMember,
  'static-service': features.staticMembershipService,
  dns: features.dnsMembership,
  kubernetes: features.cloudMembership,
}

const requires = (first: Since): string =>
  `set the full version of a release that supports it: ${Object.values(first)
    .filter((release) => !/^(?:10|11)\./.test(release))
    .join(', ')} or later`

/** Reports features that the session store needs and this Tomcat lacks. @returns whether there are any. */
export const reportMissingFeatures = (app: TomcatApp, findings: Findings): boolean => {
  const { sessions, version } = app
  let isMissing = false
  const missing = (key: string, message: string, help: string): void => {
    isMissing = true
    report(findings, 'tomcat-store-version', atValue([...sessions.path, key]), message, help)
  }
  if (isReplicated(sessions)) {
    const { membership, encryptionKey } = sessions
    const first = memberships[membership]
    if (first !== undefined && !hasSince(version, first)) {
      const message = `Tomcat ${version.text} does not support membership "${membership}"`
      const help = `${requires(first)}${membership === 'static' ? '' : ', or use membership: static'}`
      missing('membership', message, help)
    }
    if (encryptionKey !== null && !hasSince(version, features.encryptInterceptor)) {
      const message = `Tomcat ${version.text} cannot encrypt replication messages`
      missing('encryptionKey', message, requires(features.encryptInterceptor))
    }
  }
  const instead = 'use store: redisson, or delta'
  if (sessions.store === 'memcached' && !hasSince(version, features.memcachedSessionManager)) {
    const message = `memcached-session-manager requires javax.servlet, which Tomcat ${version.text} does not have`
    missing('store', message, instead)
  }
  if (sessions.store === 'tomcat-redis' && !hasSince(version, features.tomcatRedis)) {
    const message = `tomcat-redis-session-manager supports Tomcat 7 only: Tomcat ${version.text} does not have classes that it calls`
    missing('store', message, instead)
  }
  return isMissing
}
