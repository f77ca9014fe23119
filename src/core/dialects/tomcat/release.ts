import { atLeast, type Version } from '../../model/version.ts'

/** The release lines whose configuration is known here. */
export type Line = '7.0' | '8.5' | '9.0' | '10.1' | '11.0'

const lines: readonly Line[] = ['7.0', '8.5', '9.0', '10.1', '11.0']

/** null for a line that sessctl does not write, such as 8.0 and 10.0, which nobody maintains. */
export const lineOf = ({ parts: [major, minor] }: Version): Line | null =>
  lines.find((line) => line === `${major}.${minor}`) ?? null

/** The first release of each line that has something; a line that is left out never has it. */
export type Since = Readonly<Partial<Record<Line, string>>>

/** The first release of its line that has something; null when no release of it does. */
export const sinceOf = (version: Version, since: Since): string | null => {
  const line = lineOf(version)
  return line === null ? null : (since[line] ?? null)
}

/** Whether a release has something that came to its line at a certain point. */
export const hasSince = (version: Version, since: Since): boolean => {
  const first = sinceOf(version, since)
  return first !== null && atLeast(version, first)
}

/** `9.0` may be any patch release, and is taken for the first one. */
export const namesPatch = ({ text }: Version): boolean => text.split('.').length === 3

const everywhere = { '8.5': '8.5.0', '9.0': '9.0.0', '10.1': '10.1.0', '11.0': '11.0.0' } as const

/** Facts of Tomcat's releases, each from the change log or the source at the release's tag. */
export const features = {
  any: { '7.0': '7.0.0', ...everywhere },
  /** catalina.startup.VersionLoggerListener */
  versionLogger: { '7.0': '7.0.57', ...everywhere },
  /** core.JasperListener; its class is gone in 8, and naming it there stops the start. */
  jasperListener: { '7.0': '7.0.0' },
  /** The stock connector limits its parameters; 11 does so by default. */
  maxParameterCount: { '8.5': '8.5.0', '9.0': '9.0.0', '10.1': '10.1.0' },
  /** PersistentValve filter="…" */
  persistentValveFilter: { ...everywhere, '8.5': '8.5.58', '9.0': '9.0.38' },
  /** session.DataSourceStore; before it there was JDBCStore, which is gone in 10. */
  dataSourceStore: { ...everywhere, '8.5': '8.5.60', '9.0': '9.0.40' },
  /** <Manager sessionActivityCheck="true">; before it a system property of the same meaning. */
  activityCheckAttribute: { '10.1': '10.1.0', '11.0': '11.0.0' },
  /** FileStore writes a session beside its file and renames it, so that nobody reads half of it. */
  atomicFileStore: { '9.0': '9.0.119', '10.1': '10.1.56', '11.0': '11.0.23' },
  /** ${NAME} in XML may be an environment variable (digester.EnvironmentPropertySource). */
  environmentSource: { ...everywhere, '7.0': '7.0.102', '8.5': '8.5.52', '9.0': '9.0.32' },
  /** <LocalMember> in StaticMembershipInterceptor */
  localMember: { '7.0': '7.0.66', ...everywhere },
  /** tribes.membership.StaticMembershipService */
  staticMembershipService: { '9.0': '9.0.11', '10.1': '10.1.0', '11.0': '11.0.0' },
  /** tribes.membership.cloud.CloudMembershipService with Kubernetes… */
  cloudMembership: { '9.0': '9.0.13', '10.1': '10.1.0', '11.0': '11.0.0' },
  /** … and with DNS */
  dnsMembership: { '9.0': '9.0.16', '10.1': '10.1.0', '11.0': '11.0.0' },
  /** EncryptInterceptor with AES/GCM */
  encryptInterceptor: { ...everywhere, '7.0': '7.0.100', '8.5': '8.5.38', '9.0': '9.0.14' },
  /** … that sends what the latest release of the line does */
  encryptionOfToday: {
    '7.0': '7.0.100',
    '8.5': '8.5.38',
    '9.0': '9.0.121',
    '10.1': '10.1.58',
    '11.0': '11.0.25',
  },
  /** memcached-session-manager 2.3 (javax.servlet) */
  memcachedSessionManager: { '7.0': '7.0.0', '8.5': '8.5.0', '9.0': '9.0.0' },
  /** tomcat-redis-session-manager calls what Tomcat 8 has no more. */
  tomcatRedis: { '7.0': '7.0.0' },
  /** StandardManager keeps no sessions over a restart unless it has a pathname (10.0.0-M2). */
  losesSessionsOnRestart: { '10.1': '10.1.0', '11.0': '11.0.0' },
  /** CookieProcessor sameSiteCookies="lax|strict" */
  sameSite: { ...everywhere, '8.5': '8.5.42', '9.0': '9.0.21' },
  /** … and "none" as a value that is sent, rather than as nothing at all. */
  sameSiteNone: { ...everywhere, '8.5': '8.5.48', '9.0': '9.0.28' },
  /** Cookies follow RFC 6265: a domain that begins with a dot makes every new session fail. */
  rfc6265Cookies: everywhere,
  /** RemoteIpValve reads CIDR networks, and not regular expressions only. */
  cidrProxies: { '11.0': '11.0.13' },
  /** 172.16/12 is among RemoteIpValve's internal proxies… */
  trustsPrivateB: everywhere,
  /** … and 100.64/10, … */
  trustsCarrierNat: { '8.5': '8.5.86', '9.0': '9.0.72', '10.1': '10.1.6', '11.0': '11.0.0' },
  /** … and fc00::/7 and fe80::/10. */
  trustsLocalIpv6: { '9.0': '9.0.103', '10.1': '10.1.40', '11.0': '11.0.6' },
} as const satisfies Readonly<Record<string, Since>>
