import { basename, dirname, join } from 'node:path'
import type { Context } from '../../context.ts'
import { readBase } from '../../core/dialects/tomcat/base-file.ts'
import { enginesOf } from '../../core/dialects/tomcat/base-server.ts'
import { childrenOf } from '../../core/dialects/tomcat/xml/document.ts'
import type { GivenFile } from '../../core/linting/files/given-file.ts'
import { appFolderOf } from '../../core/linting/files/tomcat/hosts.ts'
import { IoError, OutsideError } from '../../errors.ts'
import type { NamedFiles } from '../../ports.ts'

/** A server has some dozens. */
const mostApplications = 200

/** Null: what may not be read, or does not exist. The rules then do not know it. */
const orNull = async <Value>(read: () => Promise<Value>): Promise<Value | null> => {
  try {
    return await read()
  } catch (error) {
    if (error instanceof IoError || error instanceof OutsideError) return null
    throw error
  }
}

/** The folders of the applications of a server.xml. */
const appFolders = ({ file, path, bytes }: GivenFile): readonly string[] => {
  const base = readBase(file, bytes, 'Server')
  if (!base.ok) return []
  const hosts = enginesOf(base.value.document).flatMap(({ engine }) => childrenOf(engine, 'Host'))
  return [...new Set(hosts.flatMap((host) => appFolderOf(path, host) ?? []))]
}

/** The applications in a folder: folders, and .war files that are not unpacked. */
const applicationsIn = async (
  folder: string,
  named: NamedFiles,
  { files }: Context,
): Promise<readonly string[]> => {
  if ((await orNull(() => named.check(folder))) === null) return []
  const names = (await orNull(() => files.list(folder))) ?? []
  const unpacked = new Set(names)
  return names
    .filter((name) => !/\.war$/i.test(name) || !unpacked.has(name.slice(0, -'.war'.length)))
    .map((name) => join(folder, name))
}

/** META-INF/context.xml and WEB-INF/web.xml of an application, by their paths in it. */
const filesOfApplication = async (
  path: string,
  named: NamedFiles,
): Promise<readonly (readonly [name: string, bytes: Uint8Array])[]> => {
  const content = (await orNull(() => named.readWebapp(path)))?.content
  if (!content || content instanceof Uint8Array || content.form === 'unreadable') return []
  const { webXml, contextXml = null } = content
  return [
    ...(contextXml === null ? [] : [['META-INF/context.xml', contextXml] as const]),
    ...(webXml === null ? [] : [['WEB-INF/web.xml', webXml] as const]),
  ]
}

/** What a Tomcat reads together with its server.xml: files below conf, and those of its applications. */
export const readByTomcat = async (
  server: GivenFile,
  nameOf: (path: string) => string,
  allowOutside: readonly string[],
  context: Context,
): Promise<readonly GivenFile[]> => {
  const folders = appFolders(server)
  if (folders.length === 0) return []
  const conf = dirname(server.path)
  const home = basename(conf) === 'conf' ? dirname(conf) : conf
  const named = context.files.namedBy(home, allowOutside)
  const found = new Map<string, Uint8Array>()
  const below = (await orNull(() => named.readConf(conf)))?.content.files ?? new Map()
  for (const [name, bytes] of below) found.set(join(conf, name), bytes)
  const applications: string[] = []
  for (const folder of folders) applications.push(...(await applicationsIn(folder, named, context)))
  for (const path of applications.slice(0, mostApplications))
    for (const [name, bytes] of await filesOfApplication(path, named))
      found.set(join(path, name), bytes)
  return [...found].map(([path, bytes]) => ({
    ...{ path, bytes, file: nameOf(path) },
    kind: 'tomcat' as const,
    isIncluded: true,
  }))
}
