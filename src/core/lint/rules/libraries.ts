import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import { appUpstreams } from '../../model/app-upstreams.ts'
import { acceptsUrl, driverFor, driverOf, schemeOf } from '../../needs/drivers.ts'
import { needsOf } from '../../needs/index.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'

export const jdbcDriverMismatch: Rule = ({ stores }, findings) => {
  for (const store of stores) {
    if (store.kind !== 'jdbc' || acceptsUrl(store.driver, store.url) !== false) continue
    const at = atValue([...store.path, 'driver'])
    const message = `the driver ${store.driver} does not accept URLs that start with "jdbc:${schemeOf(store.url)}:"`
    const fitting = driverFor(store.url)
    const help =
      fitting === null
        ? 'write the driver class of the database in the URL'
        : `write driver: ${fitting}`
    report(findings, 'jdbc-driver-mismatch', at, message, help)
  }
}

/** Jars of which sessctl has no checksum. */
export const unpinnedLibraries: Rule = (cluster, findings) => {
  for (const upstream of appUpstreams(cluster, 'tomcat')) {
    const unknown = needsOf({ ...cluster, upstreams: [upstream] }).flatMap((need) =>
      need.kind === 'jar' && need.sha256 === null ? [need.coordinates] : [],
    )
    if (unknown.length === 0) continue
    const message = `sessctl has no checksum of ${unknown.join(' and ')}`
    const help = 'compare the files with the checksums that their project publishes'
    report(findings, 'library-unpinned', atKey(upstream.app.sessions.path), message, help)
  }
}

/** Drivers whose jar is not listed in the manifest. */
export const unknownDrivers: Rule = ({ stores, upstreams }, findings) => {
  for (const store of stores) {
    if (store.kind !== 'jdbc' || driverOf(store.driver) !== null) continue
    const users = upstreams.filter(
      ({ app }) => app.runtime !== 'none' && 'use' in app.sessions && app.sessions.use === store,
    )
    if (users.length === 0) continue
    const at = atValue([...store.path, 'driver'])
    const message = `sessctl does not know the jar of ${store.driver}: the manifest does not list it`
    const help = users.every(({ app }) => app.runtime === 'spring')
      ? 'add it to the dependencies of the application'
      : 'copy it to the lib folder of each Tomcat'
    report(findings, 'jdbc-driver-unknown', at, message, help)
  }
}
