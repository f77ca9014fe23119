import { basename, dirname, isAbsolute, join, normalize, relative, resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { decodeConfig } from '../../core/config/text.ts'
import { parseXml } from '../../core/dialects/tomcat/xml/parse.ts'
import type { ImportSource } from '../../core/import/index.ts'
import { kindOf } from '../../core/linting/files/kind.ts'
import { IoError, UsageError } from '../../errors.ts'
import type { NamedFiles } from '../../ports.ts'
import { isTomcatHome, javaOf, tomcatVersion } from '../tools/tomcats.ts'

/** The files of an import, and where they are. */
export interface ReadSources {
  readonly sources: readonly ImportSource[]
  /** Folders that a spec may only name with --allow-outside. */
  readonly outside: readonly string[]
}

/** As given: absolute, else from the folder of the spec. */
const nameInSpec = (given: string, specFolder: string, { cwd }: Context): string =>
  isAbsolute(given) ? normalize(given) : relative(specFolder, resolve(cwd, given))

/** The version of the installation that a conf/server.xml lies in; null: it lies in none. */
const installedTomcat = async (serverXml: string, context: Context): Promise<string | null> => {
  const home = dirname(dirname(serverXml))
  if (!(await isTomcatHome(home, context))) return null
  const java = await javaOf(context)
  return java === null ? null : tomcatVersion(home, java.program, context)
}

const tomcatKind = (file: string, bytes: Uint8Array): 'server' | 'context' => {
  const parsed = parseXml(bytes)
  const root = parsed.ok ? parsed.value.root.name : basename(file)
  if (/^server/i.test(root)) return 'server'
  if (/^context/i.test(root)) return 'context'
  throw new UsageError(`${file} is neither a server.xml nor a context.xml`, {
    help: 'name the server.xml of the Tomcat',
  })
}

const tomcatSource = async (
  file: string,
  path: string,
  bytes: Uint8Array,
  named: NamedFiles,
  context: Context,
): Promise<readonly ImportSource[]> => {
  if (tomcatKind(file, bytes) === 'context') return [{ kind: 'context', file, bytes }]
  const conf = (await named.readConf(dirname(path)))?.content ?? null
  const version = await installedTomcat(path, context)
  const own = conf?.files.get('context.xml')
  const server = { kind: 'server', file, bytes, conf, version } as const
  return own === undefined
    ? [server]
    : [server, { kind: 'context', file: join(dirname(file), 'context.xml'), bytes: own }]
}

const isOutside = async (path: string, named: NamedFiles): Promise<boolean> =>
  (await named.check(path)).isOutside

/**
 * Reads the files that a command line names, and those that belong to them.
 * @param specFolder of the spec that will name them.
 * @throws IoError for a file that cannot be read, UsageError for one that is not imported.
 */
export const readSources = async (
  files: readonly string[],
  specFolder: string,
  context: Context,
): Promise<ReadSources> => {
  const paths = files.map((file) => resolve(context.cwd, file))
  // Files that the user names may be read, and those of their folders that they include.
  const named = context.files.namedBy(specFolder, paths.map(dirname))
  const sources: ImportSource[] = []
  const outside = new Set<string>()
  for (const [index, path] of paths.entries()) {
    const given = files[index] ?? path
    const file = nameInSpec(given, specFolder, context)
    const bytes = (await named.read(path)).content
    if (await isOutside(path, named)) outside.add(dirname(path))
    const kind = kindOf(given, decodeConfig(bytes).text)
    if (kind === 'nginx' || kind === 'haproxy' || kind === 'httpd')
      sources.push({ kind, file, config: (await named.readConfig(path, kind)).content })
    else if (kind === 'tomcat')
      sources.push(...(await tomcatSource(file, path, bytes, named, context)))
    else
      throw new UsageError(`${given} is not a file of nginx, HAProxy, httpd or Tomcat`, {
        help: 'sessctl import reads nginx.conf, the files that it includes, haproxy.cfg, httpd.conf, server.xml and context.xml',
      })
  }
  const byName = new Map(sources.map((source) => [source.file, source]))
  return { sources: [...byName.values()], outside: [...outside] }
}

/** The main file of the nginx of this host. @throws IoError if `nginx -T` does not name it. */
export const mainFileIn = (dump: string): string => {
  const main = /^# configuration file (.+):$/m.exec(dump)?.[1]
  if (main === undefined)
    throw new IoError('nginx -T does not print the configuration', {
      help: 'run sessctl import as a user who can read the configuration of nginx, or name the files',
    })
  return main
}
