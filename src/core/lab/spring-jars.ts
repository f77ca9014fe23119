import { releaseLineOf } from '../dialects/spring/release.ts'
import type { SpringApp } from '../model/app.ts'
import { parseVersion } from '../model/version.ts'
import { springDependencies } from '../needs/packages.ts'

const bootJar = /^spring-boot-(\d+\.\d+\.\d+)(?:[-.][A-Za-z]\w*)?\.jar$/

/** The release of Spring Boot among the jars of an application; null without Spring Boot. */
export const bootVersionIn = (names: readonly string[]): string | null =>
  names.flatMap((name) => bootJar.exec(name)?.[1] ?? [])[0] ?? null

const hasModule = (names: readonly string[], module: string): boolean =>
  names.some((name) => name.startsWith(`${module}-`) && /^\d/.test(name.slice(module.length + 1)))

/** The oldest Java that can compile and run the application of the lab. */
export const leastJavaOf = (version: string): number => (version.startsWith('2.') ? 9 : 17)

/** Whether a release belongs to the release line of an application. */
export const isOfLine = (version: string, app: SpringApp): boolean =>
  releaseLineOf(parseVersion(version)) === releaseLineOf(app.version)

/** Why an application with these jars does not use the session store of the spec; null: it does. */
export const unfitJars = (app: SpringApp, names: readonly string[]): string | null => {
  const use = app.sessions.store === 'none' ? null : app.sessions.use
  const kind = use?.kind === 'jdbc' ? 'jdbc' : 'data-redis'
  const line = releaseLineOf(app.version)
  const configured = line === '4' ? [`spring-boot-session-${kind}`] : []
  const missing = ['spring-webmvc', `spring-session-${kind}`, ...configured].find(
    (module) => !hasModule(names, module),
  )
  if (missing !== undefined)
    return `the jar of ${missing} is missing: add ${springDependencies(app).join(', ')}`
  // Before 3.0, the properties select the store.
  return kind === 'jdbc' && line !== '2.7' && hasModule(names, 'spring-session-data-redis')
    ? 'the jar of spring-session-data-redis selects Redis instead of the database'
    : null
}
