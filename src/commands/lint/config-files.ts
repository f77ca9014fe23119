import { dirname, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { ConfigLanguage } from '../../core/config/collect.ts'
import { haproxyOrder } from '../../core/config/haproxy/order.ts'
import { decodeConfig, editText } from '../../core/config/text.ts'
import type { GivenFile } from '../../core/linting/files/given-file.ts'
import { type FileSettings, lintFiles } from '../../core/linting/files/lint.ts'
import { asFindings } from '../../core/linting/finding.ts'
import { encodeText } from '../../core/render/encode-text.ts'
import { secretsInText } from '../../core/secrets/in-text.ts'
import { IoError, OutsideError } from '../../errors.ts'
import type { Checked, CheckedFile } from './checked.ts'
import { readByTomcat } from './tomcat-files.ts'

/** The files that belong to a configuration of a proxy, in their order, as far as they may be read. */
const belongingTo = async (
  main: GivenFile,
  kind: ConfigLanguage,
  allowOutside: readonly string[],
  context: Context,
): Promise<readonly (readonly [name: string, bytes: Uint8Array])[]> => {
  try {
    const { content } = await context.files
      .namedBy(dirname(main.path), allowOutside)
      .readConfig(main.path, kind)
    const files = kind === 'haproxy' ? haproxyOrder(content) : [...content.files]
    return files.filter(([name]) => name !== content.main)
  } catch (error) {
    // Standard input has no folder.
    if (error instanceof IoError || error instanceof OutsideError) return []
    throw error
  }
}

const filesOf =
  (kind: ConfigLanguage) =>
  async (
    main: GivenFile,
    nameOf: (path: string) => string,
    allowOutside: readonly string[],
    context: Context,
  ): Promise<readonly GivenFile[]> =>
    (await belongingTo(main, kind, allowOutside, context)).map(([name, bytes]) => {
      const path = resolve(dirname(main.path), name)
      return { path, file: nameOf(path), kind, bytes, isIncluded: true }
    })

const readers = {
  nginx: filesOf('nginx'),
  haproxy: filesOf('haproxy'),
  httpd: filesOf('httpd'),
  tomcat: readByTomcat,
}

/** All given files, each followed by those that belong to it. */
export const withIncluded = async (
  given: readonly GivenFile[],
  nameOf: (path: string) => string,
  allowOutside: readonly string[],
  context: Context,
): Promise<readonly GivenFile[]> => {
  const own = new Set(given.map(({ path }) => path))
  const all = new Map<string, GivenFile>()
  for (const each of given) {
    all.set(each.path, each)
    const included = await readers[each.kind](each, nameOf, allowOutside, context)
    for (const one of included) if (!own.has(one.path) && !all.has(one.path)) all.set(one.path, one)
  }
  return [...all.values()]
}

const checkedFile = ({ file, path, bytes }: GivenFile): CheckedFile => {
  const { text, encoding } = decodeConfig(bytes)
  const secrets = text
    .split('\n')
    .flatMap((line) => secretsInText(line).map(([start, end]) => line.slice(start, end)))
  return {
    ...{ file, path, bytes, secrets },
    edited: (edits) => encodeText(editText(text, edits), encoding),
  }
}

/** Checks files that sessctl did not write, together. */
export const lintConfigFiles = (
  files: readonly GivenFile[],
  settings: FileSettings,
  contents: ReadonlyMap<string, Uint8Array>,
): Checked => {
  const current = files.map((each) => ({ ...each, bytes: contents.get(each.path) ?? each.bytes }))
  return {
    files: current.map(checkedFile),
    findings: asFindings(lintFiles(current, settings)),
  }
}
