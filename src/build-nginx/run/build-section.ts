import { dirname, resolve } from 'node:path'
import type { Words } from '../../commands/define.ts'
import { specError } from '../../commands/load.ts'
import { standardSpec } from '../../commands/spec-file.ts'
import type { Context } from '../../context.ts'
import { readSpec } from '../../core/pipeline.ts'
import { checkSources } from './named-sources.ts'
import type { Args } from './request.ts'

/** What a spec says of a build; paths in it begin at its folder. */
export interface BuildSection {
  readonly folder: string
  /** What it names outside of its repository, absolute: nothing that such a file says is shown. */
  readonly outside: ReadonlySet<string>
  readonly release: string | null
  readonly source: string | null
  /** Null: the spec says nothing of them. */
  readonly modules: readonly string[] | null
  readonly linkage: 'static' | 'dynamic' | null
  readonly openssl: string | null
  readonly pcre: string | null
  readonly zlib: string | null
  readonly patches: readonly string[]
  /** `NAME=VALUE` each. */
  readonly env: readonly string[]
  readonly compiler: string | null
  readonly flags: readonly string[]
}

/** Without a spec. */
export const emptyBuildSection = (folder: string): BuildSection => ({
  folder,
  outside: new Set(),
  release: null,
  source: null,
  modules: null,
  linkage: null,
  openssl: null,
  pcre: null,
  zlib: null,
  patches: [],
  env: [],
  compiler: null,
  flags: [],
})

/** Whether the command line says enough by itself. */
const isEnough = ({ operands }: Words, args: Args): boolean =>
  operands.length > 0 || args.source !== null || args.for !== null || args.like !== null

/**
 * The build section of the spec that --file names; without any other word, of sessctl.yaml.
 * @throws UsageError for a spec that cannot be understood.
 */
export const readBuildSection = async (
  file: string | null,
  words: Words,
  args: Args,
  context: Context,
): Promise<BuildSection> => {
  const { cwd, files } = context
  const named = file ?? (isEnough(words, args) ? null : await standardSpec(context))
  if (named === null) return emptyBuildSection(cwd)
  const path = resolve(cwd, named)
  await files.checkSpecPlace(path, named)
  const read = readSpec(named, await files.read(path))
  const { spec, source } = read
  if (spec === null) throw specError(named, read)
  const { build, targets } = spec
  const version = targets.nginx?.version ?? null
  const isRelease = version !== null && /^\d+\.\d+\.\d+$/.test(version)
  const folder = dirname(path)
  const outside =
    build === undefined
      ? new Set<string>()
      : await checkSources(build, folder, args.allowOutside, source, context)
  return {
    folder,
    outside,
    release: build?.version ?? (isRelease ? version : null),
    source: build?.source ?? null,
    modules: build?.modules ?? null,
    linkage: build?.linkage ?? null,
    openssl: build?.openssl ?? null,
    pcre: build?.pcre ?? null,
    zlib: build?.zlib ?? null,
    patches: build?.patches ?? [],
    env: build?.env ?? [],
    compiler: build?.compiler ?? null,
    flags: build?.flags ?? [],
  }
}
