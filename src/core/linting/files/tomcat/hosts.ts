import { folderOf, pathBelow } from '../../../config/glob.ts'
import type { BaseFile } from '../../../dialects/tomcat/base-file.ts'
import { enginesOf } from '../../../dialects/tomcat/base-server.ts'
import {
  type EffectiveContext,
  effectiveContext,
  type KnownContext,
} from '../../../dialects/tomcat/effective/contexts.ts'
import {
  type ApplicationFiles,
  type ConfFile,
  contextLayer,
  type HostOf,
  hostFilesOf,
  layersIn,
} from '../../../dialects/tomcat/effective/host-files.ts'
import { webXmlCookie } from '../../../dialects/tomcat/effective/layer.ts'
import {
  attributeValue,
  childrenOf,
  type XmlElement,
} from '../../../dialects/tomcat/xml/document.ts'
import type { Application } from './applications.ts'
import type { TomcatFile } from './view.ts'

/** A context of a Tomcat, with the settings that Tomcat uses for it. */
export interface TomcatContext extends KnownContext {
  readonly effective: EffectiveContext
  /** The WEB-INF/web.xml of its application; null: not given. */
  readonly webXml: BaseFile | null
}

/** A Host with the contexts that the given files configure. */
export interface TomcatHost {
  /** The server.xml, context.xml or application to which the rules refer; null: none. */
  readonly server: TomcatFile | null
  readonly engine: XmlElement | null
  readonly host: XmlElement | null
  readonly contexts: readonly TomcatContext[]
}

/** A conf folder; files of it by their paths in it. */
export interface Conf {
  /** null: the server.xml is not given. */
  readonly server: TomcatFile | null
  readonly files: ReadonlyMap<string, ConfFile>
}

/** An application that no `appBase` names belongs to the first Hosts only: files can have very many. */
const mostHosts = 100

const contextsOf = (
  server: HostOf | null,
  { files }: Conf,
  applications: readonly Application[],
): readonly TomcatContext[] => {
  const byName = new Map(
    applications.map(({ name, contextXml, webXml }): [string, ApplicationFiles] => [
      name,
      {
        context: contextXml && contextLayer(contextXml),
        webXml: webXml && webXmlCookie(webXml.file, webXml.bytes),
      },
    ]),
  )
  const host = hostFilesOf(server, files, byName)
  const names = [...host.inlines.keys(), ...host.descriptors.keys(), ...host.applications.keys()]
  // Where no application is known, Tomcat may have one that no other file is about.
  const all = host.applications.size === 0 ? [null, ...names] : names
  return [...new Set(all)].map((name) => {
    const layers = layersIn(host, name)
    const webXml = applications.find((each) => each.name === name)?.webXml ?? null
    return { name, layers, effective: effectiveContext(layers), webXml }
  })
}

/** The folder of the applications of a Host; null: the server.xml does not say where it is. */
export const appFolderOf = (serverXml: string, host: XmlElement | null): string | null => {
  const appBase = (host && attributeValue(host, 'appBase')) ?? 'webapps'
  // A server.xml is in conf, and a relative appBase begins in the folder of conf.
  return /[$\\]/.test(appBase) ? null : pathBelow(folderOf(folderOf(serverXml)), appBase)
}

interface Known extends Omit<TomcatHost, 'contexts'> {
  readonly conf: Conf
  /** Of its applications; null: not known. */
  readonly folder: string | null
}

/** The Hosts of a server.xml, or one Host for context files whose server.xml is not given. */
const hostsOf = (conf: Conf): readonly Known[] => {
  const { server } = conf
  if (server === null) return [{ conf, server, engine: null, host: null, folder: null }]
  return enginesOf(server.document).flatMap(({ engine }) => {
    const hosts = childrenOf(engine, 'Host')
    return (hosts.length === 0 ? [null] : hosts).map((host) => ({
      ...{ conf, server, engine, host },
      folder: appFolderOf(server.path, host),
    }))
  })
}

/** The Hosts of all Tomcats, with their contexts. */
export const tomcatHosts = (
  confs: readonly Conf[],
  applications: readonly Application[],
): readonly TomcatHost[] => {
  const hosts = confs.flatMap(hostsOf)
  const named = new Set(hosts.map(({ folder }) => folder))
  const byFolder = new Map<string, Application[]>()
  for (const each of applications) {
    const folder = folderOf(each.folder)
    const known = byFolder.get(folder)
    if (known === undefined) byFolder.set(folder, [each])
    else known.push(each)
  }
  const loose = applications.filter(({ folder }) => !named.has(folderOf(folder)))
  return hosts.map(({ conf, server, engine, host, folder }, index) => {
    const own = folder === null ? [] : (byFolder.get(folder) ?? [])
    const all = index < mostHosts ? [...own, ...loose] : own
    const at = server !== null && engine !== null ? { ...server, engine, host } : null
    return { server, engine, host, contexts: contextsOf(at, conf, all) }
  })
}
