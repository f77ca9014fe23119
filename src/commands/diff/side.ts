import type { Context } from '../../context.ts'
import { hasErrors } from '../../core/diagnostics/diagnostic.ts'
import { dialects } from '../../core/dialects/index.ts'
import { type Compilation, type Only, shownDiagnostics } from '../../core/pipeline.ts'
import { compileLoaded, onlyDialects } from '../load.ts'
import type { SpecFile } from '../named.ts'

/** A spec that is compared, as it was read. */
export interface SpecSide {
  readonly kind: 'spec'
  /** In messages: `shop.yaml`, `origin/main:shop.yaml`. */
  readonly label: string
  /** As the command line names it. */
  readonly file: string
  readonly resolved: Compilation
  readonly from: SpecFile
  /** Reads the files of its time. */
  readonly context: Context
  /** The id of the commit that it is in; null: it is a file. */
  readonly commit: string | null
}

/** A folder of generated files, whose spec is unknown. */
export interface FolderSide {
  readonly kind: 'folder'
  /** As the command line names it. */
  readonly label: string
  /** Absolute. */
  readonly folder: string
  readonly commit: null
}

/** There is no spec: everything is new, or everything is removed. */
export interface NoSide {
  readonly kind: 'none'
  readonly label: string
  /** The id of the commit that has no spec; null: it is no commit. */
  readonly commit: string | null
}

export type Side = SpecSide | FolderSide | NoSide

const wants = (name: string, side: Side): boolean => {
  const cluster = side.kind === 'spec' ? side.resolved.cluster : null
  if (cluster === null) return false
  return Object.values(dialects).some((one) => one.name === name && one.isWanted(cluster))
}

/** The dialects of --target. A dialect that only the old spec has was removed, which is a change as well. */
export const onlyInEither = (targets: readonly string[], before: Side, after: Side): Only => {
  if (after.kind === 'spec')
    onlyDialects(
      targets.filter((name) => !wants(name, before)),
      after.resolved,
    )
  const chosen = Object.values(dialects).filter(({ name }) => targets.includes(name))
  return targets.length === 0 ? null : new Set(chosen.map(({ name }) => name))
}

/** A spec with its artifacts; null for a side that has none. */
export const compiledSide = async (side: Side, only: Only): Promise<Compilation | null> =>
  side.kind === 'spec' ? compileLoaded(side.resolved, only, side.from, side.context) : null

/** The errors of the specs; where there are none, what else there is to say of the new one. */
export const diagnosticsOf = (before: Compilation | null, after: Compilation | null) => {
  const all = [before, after].flatMap((side) => (side === null ? [] : shownDiagnostics(side)))
  if (hasErrors(all)) return all.filter(({ severity }) => severity === 'error')
  return after === null ? [] : shownDiagnostics(after)
}
