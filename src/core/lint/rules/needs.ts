import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { driverOf } from '../../needs/drivers.ts'
import { needsOf } from '../../needs/index.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'
import { tomcatUpstreams } from '../tomcat-sessions.ts'

/** Jars that nobody has compared with anything. */
const unpinned: ListingRule = (cluster) =>
  tomcatUpstreams(cluster).flatMap((upstream): readonly Diagnostic[] => {
    const jars = needsOf({ ...cluster, upstreams: [upstream] })
    const unknown = jars.flatMap((need) =>
      need.kind === 'jar' && need.sha256 === null ? [need.coordinates] : [],
    )
    if (unknown.length === 0) return []
    const message = `sessctl knows no checksum of ${unknown.join(' and ')}`
    const help = 'compare the files with what their project publishes'
    return [report('library-unpinned', atKey(upstream.app.sessions.path), message, help)]
  })

const unknownDrivers: ListingRule = ({ stores, upstreams }) =>
  stores.flatMap((store) => {
    if (store.kind !== 'jdbc' || driverOf(store.driver) !== null) return []
    const users = upstreams.filter(
      ({ app }) => app.runtime !== 'none' && 'use' in app.sessions && app.sessions.use === store,
    )
    if (users.length === 0) return []
    const isOfSpring = users.every(({ app }) => app.runtime === 'spring')
    const message = `the jar of ${store.driver} is not known here, and is not among those that the manifest lists`
    const help = isOfSpring
      ? 'add it to the dependencies of the application'
      : 'put it into the folder lib of each Tomcat'
    return [report('jdbc-driver-unknown', atValue([...store.path, 'driver']), message, help)]
  })

export const needs: ListingRule = (cluster) => [...unpinned(cluster), ...unknownDrivers(cluster)]
