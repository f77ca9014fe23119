import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Spec } from '../../spec/schema/index.ts'

export type OwnerKind =
  | 'cluster'
  | 'target'
  | 'frontend'
  | 'location'
  | 'upstream'
  | 'server'
  | 'store'

/** What a place of the spec belongs to. */
export interface Owner {
  readonly kind: OwnerKind
  /** In a sentence: `server app1 of upstream shop`. */
  readonly title: string
  /** The place below it; empty: the owner itself. */
  readonly field: SpecPath
}

const targets: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  haproxy: 'HAProxy',
  httpd: 'httpd',
}

const matchText = (spec: Spec, frontend: string, number: number): string => {
  const match = spec.frontends[frontend]?.locations[number]?.match
  return typeof match === 'object' ? match.join(', ') : (match ?? String(number))
}

/** @param spec of the side that the path is of. */
export const ownerOf = (path: SpecPath, spec: Spec): Owner => {
  const [section, first, part, second, ...rest] = path
  const name = String(first)
  if (first === undefined) return { kind: 'cluster', title: 'the cluster', field: path }
  if (section === 'targets')
    return { kind: 'target', title: targets[name] ?? name, field: path.slice(2) }
  if (section === 'stores') return { kind: 'store', title: `store ${name}`, field: path.slice(2) }
  if (section === 'upstreams') {
    const title = `upstream ${name}`
    return part === 'servers' && second !== undefined
      ? { kind: 'server', title: `server ${second} of ${title}`, field: rest }
      : { kind: 'upstream', title, field: path.slice(2) }
  }
  if (section === 'frontends') {
    const title = `frontend ${name}`
    return part === 'locations' && typeof second === 'number'
      ? {
          kind: 'location',
          title: `location ${matchText(spec, name, second)} of ${title}`,
          field: rest,
        }
      : { kind: 'frontend', title, field: path.slice(2) }
  }
  return { kind: 'cluster', title: 'the cluster', field: path }
}
