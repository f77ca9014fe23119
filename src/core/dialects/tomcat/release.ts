import { atLeast, type Version } from '../../model/version.ts'

const releaseLines = ['7.0', '8.5', '9.0', '10.1', '11.0'] as const

/** The release lines that sessctl supports. */
export type ReleaseLine = (typeof releaseLines)[number]

/** null: an unsupported line, such as 8.0 and 10.0. */
export const releaseLineOf = ({ parts: [major, minor] }: Version): ReleaseLine | null =>
  releaseLines.find((line) => line === `${major}.${minor}`) ?? null

/** The first release of each line with a feature; no release of a missing line has it. */
export type Since = Readonly<Partial<Record<ReleaseLine, string>>>

/** The first release of the line of a version with a feature; null: none. */
export const sinceOf = (version: Version, since: Since): string | null => {
  const line = releaseLineOf(version)
  return line === null ? null : (since[line] ?? null)
}

/** Whether a release has a feature. */
export const hasSince = (version: Version, since: Since): boolean => {
  const first = sinceOf(version, since)
  return first !== null && atLeast(version, first)
}

/** Whether a version names a patch release: `9.0` can be any, and is treated as the first one. */
export const namesPatch = ({ text }: Version): boolean => text.split('.').length === 3

const everywhere = { '8.5': '8.5.0', '9.0': '9.0.0', '10.1': '10.1.0', '11.0': '11.0.0' } as const

/** Features of Tomcat releases, from the changelog or the source of each release. */
export const features = {
  any: { '7.0': '7.0.0', ...everywhere },
  /** catalina.startup.VersionLoggerListener */
  versionLogger: { '7.0': '7.0.57', ...everywhere },
  /** core.JasperListener; removed in 8, where Tomcat does not start with it. */
  jasperListener: { '7.0': '7.0.0' },
  /** The server.xml of the release sets maxParameterCount; it is the default of 11. */
  maxParameterCount: { '8.5': '8.5.0', '9.0': '9.0.0', '10.1': '10.1.0' },
  /** PersistentValve filter="…" */
  persistentValveFilter: { ...everywhere, '8.5': '8.5.58', '9.0': '9.0.38' },
  /** session.DataSourceStore; earlier releases have JDBCStore, which was removed in 10. */
  dataSourceStore: { ...everywhere, '8.5': '8.5.60', '9.0': '9.0.40' },
  /** <Manager sessionActivityCheck="true">; a system property in earlier releases. */
  activityCheckAttribute: { '10.1': '10.1.0', '11.0': '11.0.0' },
  /** FileStore writes a session to a temporary file and renames it: readers never see half of it. */
  atomicFileStore: { '9.0': '9.0.119', '10.1': '10.1.56', '11.0': '11.0.23' },
  /** ${NAME} in XML can be an environment variable (digester.EnvironmentPropertySource). */
  environmentSource: { ...everywhere, '7.0': '7.0.102', '8.5': '8.5.52', '9.0': '9.0.32' },
  /** Connector secret="…" secretRequired="…" of AJP; `requiredSecret` before. */
  ajpSecret: { ...everywhere, '7.0': '7.0.100', '8.5': '8.5.51', '9.0': '9.0.31' },
  /** <LocalMember> in StaticMembershipInterceptor */
  localMember: { '7.0': '7.0.66', ...everywhere },
  /** tribes.membership.StaticMembershipService */
  staticMembershipService: { '9.0': '9.0.11', '10.1': '10.1.0', '11.0': '11.0.0' },
  /** tribes.membership.cloud.CloudMembershipService with the Kubernetes provider */
  cloudMembership: { '9.0': '9.0.13', '10.1': '10.1.0', '11.0': '11.0.0' },
  /** CloudMembershipService with the DNS provider */
  dnsMembership: { '9.0': '9.0.16', '10.1': '10.1.0', '11.0': '11.0.0' },
  /** EncryptInterceptor with AES/GCM */
  encryptInterceptor: { ...everywhere, '7.0': '7.0.100', '8.5': '8.5.38', '9.0': '9.0.14' },
  /** The current message format of EncryptInterceptor */
  currentEncryption: {
    '7.0': '7.0.100',
    '8.5': '8.5.38',
    '9.0': '9.0.121',
    '10.1': '10.1.58',
    '11.0': '11.0.25',
  },
  /** memcached-session-manager 2.3 (javax.servlet) */
  memcachedSessionManager: { '7.0': '7.0.0', '8.5': '8.5.0', '9.0': '9.0.0' },
  /** tomcat-redis-session-manager calls methods that Tomcat 8 removed. */
  tomcatRedis: { '7.0': '7.0.0' },
  /** StandardManager saves sessions at shutdown only if `pathname` is set (10.0.0-M2). */
  losesSessionsOnRestart: { '10.1': '10.1.0', '11.0': '11.0.0' },
  /** CookieProcessor sameSiteCookies="lax|strict" */
  sameSite: { ...everywhere, '8.5': '8.5.42', '9.0': '9.0.21' },
  /** sameSiteCookies="none" sends SameSite=None; earlier releases send nothing. */
  sameSiteNone: { ...everywhere, '8.5': '8.5.48', '9.0': '9.0.28' },
  /** Cookies follow RFC 6265: with a leading dot in the domain no session can be created. */
  rfc6265Cookies: everywhere,
  /** RemoteIpValve accepts CIDR networks, not only regular expressions. */
  cidrProxies: { '11.0': '11.0.13' },
  /** The default of internalProxies contains 172.16.0.0/12, … */
  trusts172: everywhere,
  /** … and 100.64.0.0/10, … */
  trusts100: { '8.5': '8.5.86', '9.0': '9.0.72', '10.1': '10.1.6', '11.0': '11.0.0' },
  /** … and fc00::/7 and fe80::/10. */
  trustsLocalIpv6: { '9.0': '9.0.103', '10.1': '10.1.40', '11.0': '11.0.6' },
} as const satisfies Readonly<Record<string, Since>>
