import { readFileSync } from 'node:fs'
import { pairSpec } from '../support/lab.ts'
import { findTomcat } from '../support/servers.ts'
import { clusterOf, moduleTarget, needsOf } from './row-needs.ts'
import type { Row } from './table.ts'

export type TomcatLine = '7.0' | '8.5' | '9' | '10.1' | '11'

type Rest = Pick<Row, 'expected'> & Partial<Pick<Row, 'requests' | 'retry'>>

interface TomcatPair extends Rest {
  readonly line: TomcatLine
  /** The name of the row, after the release line. */
  readonly as: string
  /** Of the spec, such as `{ store: delta }`. */
  readonly sessions: string
  readonly stores?: string
  readonly affinity?: string
}

/** What `kill` shows of a session that another server knows, and of one that no other does. */
export const kept = { kill: { kept: 1 } }
export const lost = { kill: { kept: 0 } }

/** A hundred refreshes of each browser stay where they are. */
export const refreshes = { sticky: { sticky: 1, kept: 1 } }

/**
 * Copies are sent once: one that is sent while the members lose sight of each other for a moment, as on
 * a busy machine, is lost without a message.
 */
export const forCopies = 2

/** A store or a server that comes back is ready before all its clients have noticed. */
export const forComeback = 1

const rowOf = (name: string, spec: string, rest: Rest): Row => {
  const cluster = clusterOf(spec)
  const needs = needsOf(cluster)
  const { nginx, tomcat } = needs
  const [upstream] = cluster.upstreams
  const versions = [nginx, tomcat].map((one) => ('version' in one ? one.version : ''))
  const count = upstream?.servers.length ?? 0
  return {
    name,
    spec,
    needs,
    about: `nginx ${versions[0]}, ${count} × Tomcat ${versions[1]}`,
    ...rest,
  }
}

/** Two Tomcats of a line behind the jvm_route module, which routes to them unless another affinity is set. */
export const tomcatRow = ({ line, as, sessions, stores, affinity, ...rest }: TomcatPair): Row => {
  const tomcat = findTomcat(line)
  // Without one the row is skipped, with the reason.
  const version =
    'missing' in tomcat ? `${line.includes('.') ? line : `${line}.0`}.100` : tomcat.version
  const app = `{ runtime: tomcat, version: "${version}", sessions: ${sessions} }`
  const spec = pairSpec({
    target: moduleTarget,
    app,
    ...(stores === undefined ? {} : { stores }),
    ...(affinity === undefined ? {} : { affinity }),
  })
  return rowOf(`tomcat-${line}-${as}`, spec, rest)
}

/** An example as it is, on the Tomcat that is here. */
export const exampleRow = (example: string, rest: Rest & Pick<Row, 'notes'>): Row => {
  const file = new URL(`../../../fixtures/specs/${example}.yaml`, import.meta.url)
  const notes = [
    /^Tomcat \S+ is installed: its files are generated for this version instead of/,
    ...(rest.notes ?? []),
  ]
  return { ...rowOf(example, readFileSync(file, 'utf8'), rest), notes }
}
