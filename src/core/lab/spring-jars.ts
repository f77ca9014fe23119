import { releaseLineOf } from '../dialects/spring/release.ts'
import type { SpringApp } from '../model/app.ts'
import { parseVersion } from '../model/version.ts'
import { springDependencies } from '../needs/packages.ts'

/** What the jars of an application say of it. */
const bootJar = /^spring-boot-(\d+\.\d+\.\d+)(?:[-.][A-Za-z]\w*)?\.jar$/

/** The release of Spring Boot among the jars of an application; null when it is none of Spring Boot. */
export const bootVersionIn = (names: readonly string[]): string | null =>
  names.flatMap((name) => bootJar.exec(name)?.[1] ?? [])[0] ?? null

const hasModule = (names: readonly string[], module: string): boolean =>
  names.some((name) => name.startsWith(`${module}-`) && /^\d/.test(name.slice(module.length + 1)))

/** The oldest Java that runs a release and compiles for it as the lab does. */
export const leastJavaOf = (version: string): number => (version.startsWith('2.') ? 9 : 17)

/** Whether a release is of the line that an application is written for. */
export const isOfLine = (version: string, app: SpringApp): boolean =>
  releaseLineOf(parseVersion(version)) === releaseLineOf(app.version)

/** Why an application of these jars would not do with its sessions what it is told; null: it would. */
export const unfitJars = (app: SpringApp, names: readonly string[]): string | null => {
  const use = app.sessions.store === 'none' ? null : app.sessions.use
  const kind = use?.kind === 'jdbc' ? 'jdbc' : 'data-redis'
  const line = releaseLineOf(app.version)
  const configured = line === '4' ? [`spring-boot-session-${kind}`] : []
  const missing = ['spring-webmvc', `spring-session-${kind}`, ...configured].find(
    (module) => !hasModule(names, module),
  )
  if (missing !== undefined)
    return `${missing} is not among the jars: add ${springDependencies(app).join(', ')}`
  // Before 3.0 the properties say which.
  return kind === 'jdbc' && line !== '2.7' && hasModule(names, 'spring-session-data-redis')
    ? 'with spring-session-data-redis among the jars sessions go to Redis, not to the database'
    : null
}
