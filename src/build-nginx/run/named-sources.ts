import { resolve } from 'node:path'
import { allowedPaths, outsideMessage } from '../../commands/named.ts'
import type { Context } from '../../context.ts'
import { atValue, type SpecPath } from '../../core/diagnostics/diagnostic.ts'
import { locate, type Source as Text } from '../../core/diagnostics/located.ts'
import type { Spec } from '../../core/spec/schema/index.ts'
import { OutsideError, UsageError } from '../../errors.ts'
import { isSourceFlag, parseFlag } from '../core/configure/flags.ts'
import { parseModule } from '../core/sources/modules.ts'
import { isMisread, parseSource } from '../core/sources/parse.ts'

interface NamedPath {
  readonly path: string
  readonly at: SpecPath
}

type Build = NonNullable<Spec['build']>

/** Where a text that names a source leads on this host; null: it comes from elsewhere. */
const localSource = (text: string): string | null => {
  const read = parseSource(text, 'nginx')
  return !isMisread(read) && read.kind === 'local' ? read.path : null
}

const localModule = (text: string): string | null => {
  const read = parseModule(text)
  return !isMisread(read) && read.source.kind === 'local' ? read.source.path : null
}

const localFlag = (text: string): string | null => {
  const flag = parseFlag(text)
  return isSourceFlag(flag) ? flag.value : null
}

const singles = ['source', 'openssl', 'pcre', 'zlib'] as const

/** Every path of this host that a build section names. */
const pathsOf = (build: Build): readonly NamedPath[] => {
  const some = (path: string | null, ...at: SpecPath): readonly NamedPath[] =>
    path === null ? [] : [{ path, at: ['build', ...at] }]
  const each = (
    key: 'modules' | 'patches' | 'flags',
    pathOf: (text: string) => string | null,
  ): readonly NamedPath[] =>
    (build[key] ?? []).flatMap((text, index) => some(pathOf(text), key, index))
  return [
    ...singles.flatMap((key) => some(localSource(build[key] ?? ''), key)),
    ...each('modules', localModule),
    ...each('patches', (text) => text),
    ...each('flags', localFlag),
  ]
}

/**
 * Refuses sources and patches that lie where the spec may not name anything.
 * @returns those that lie outside of the repository, and are allowed; absolute.
 * @throws UsageError with the place in the spec.
 */
export const checkSources = async (
  build: Build,
  folder: string,
  allowOutside: readonly string[],
  source: Text,
  context: Context,
): Promise<ReadonlySet<string>> => {
  const files = context.files.namedBy(folder, allowedPaths(allowOutside, context))
  const outside = new Set<string>()
  for (const { path, at } of pathsOf(build)) {
    const place = resolve(folder, path)
    try {
      if ((await files.check(place)).isOutside) outside.add(place)
    } catch (error) {
      if (!(error instanceof OutsideError)) throw error
      const [message, help] = outsideMessage(error, path)
      const problem = {
        code: error.code,
        severity: 'error',
        message,
        help,
        at: atValue(at),
      } as const
      const [located] = locate([problem], source)
      const { file = '', line = 0, column = 0 } = located?.location ?? {}
      throw new UsageError(`${file}:${line}:${column}: ${located?.message ?? message}`, { help })
    }
  }
  return outside
}
