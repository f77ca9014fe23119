import { readBase } from '../base-file.ts'
import type { BaseServer } from '../base-server.ts'
import { contextFileNameOf, contextFolderOf, contextPathOf } from '../context-path.ts'
import { attributeValue, childrenOf } from '../xml/document.ts'
import type { ContextLayers } from './contexts.ts'
import { type CookieSettings, type Layer, layerOf, webXmlCookie } from './layer.ts'

/** The files of an application. */
export interface ApplicationFiles {
  /** META-INF/context.xml */
  readonly context: Layer | null
  /** `<cookie-config>` of WEB-INF/web.xml. */
  readonly webXml: CookieSettings | null
}

/** The files that configure the contexts of one Host. */
export interface HostFiles {
  /** `<Context>` in server.xml, by the names that their context files would have. */
  readonly inlines: ReadonlyMap<string, Layer>
  /** conf/context.xml */
  readonly global: Layer | null
  /** conf/ENGINE/HOST/context.xml.default */
  readonly host: Layer | null
  /** conf/ENGINE/HOST/NAME.xml, by NAME.xml */
  readonly descriptors: ReadonlyMap<string, Layer>
  /** By the names that their context files would have. */
  readonly applications: ReadonlyMap<string, ApplicationFiles>
  /** Whether Tomcat reads META-INF/context.xml of applications (deployXML of the Host). */
  readonly readsApplications: boolean
  /** conf/ENGINE/HOST/web.xml.default, then conf/web.xml */
  readonly webXmls: readonly CookieSettings[]
}

/** A file below conf. */
export interface ConfFile {
  /** In messages. */
  readonly file: string
  readonly bytes: Uint8Array
}

/** The contexts of Tomcat's own applications, which no balancer serves. */
const administration = new Set(['manager.xml', 'host-manager.xml', 'docs.xml', 'examples.xml'])

/** null: Tomcat does not deploy a context whose file it cannot read. */
export const contextLayer = ({ file, bytes }: ConfFile): Layer | null => {
  const base = readBase(file, bytes, 'Context')
  return base.ok ? layerOf(base.value) : null
}

/** A Host of an existing server.xml. */
export type HostOf = Pick<BaseServer, 'file' | 'document' | 'engine' | 'host'>

const inlinesOf = (server: HostOf | null): ReadonlyMap<string, Layer> => {
  if (server === null || server.host === null) return new Map()
  return new Map(
    childrenOf(server.host, 'Context').map((element) => {
      const path = attributeValue(element, 'path')
      const docBase = attributeValue(element, 'docBase') ?? ''
      return [contextFileNameOf(path ?? contextPathOf(docBase)), layerOf(server, element)]
    }),
  )
}

/**
 * @param server null: no server.xml is known.
 * @param conf files below conf, by their paths in it.
 */
export const hostFilesOf = (
  server: HostOf | null,
  conf: ReadonlyMap<string, ConfFile>,
  applications: ReadonlyMap<string, ApplicationFiles>,
): HostFiles => {
  const read = (path: string): Layer | null => {
    const found = conf.get(path)
    return found === undefined ? null : contextLayer(found)
  }
  const folder = contextFolderOf(server)
  const names = [...conf.keys()]
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.xml'))
    .map((path) => path.slice(folder.length + 1))
    .filter((name) => !name.includes('/') && !administration.has(name))
  const webXmls = [`${folder}/web.xml.default`, 'web.xml'].flatMap((path) => {
    const found = conf.get(path)
    return found === undefined ? [] : (webXmlCookie(found.file, found.bytes) ?? [])
  })
  return {
    inlines: inlinesOf(server),
    global: read('context.xml'),
    host: read(`${folder}/context.xml.default`),
    descriptors: new Map(
      names.flatMap((name) => {
        const layer = read(`${folder}/${name}`)
        return layer === null ? [] : [[name, layer] as const]
      }),
    ),
    applications: new Map([...applications].filter(([name]) => !administration.has(name))),
    readsApplications: !server?.host || attributeValue(server.host, 'deployXML') !== 'false',
    webXmls,
  }
}

/**
 * The files of one context.
 * @param name that of its context file, such as ROOT.xml; null: any context without files of its own.
 */
export const layersIn = (files: HostFiles, name: string | null): ContextLayers => {
  const { inlines, global, host, descriptors, applications, readsApplications, webXmls } = files
  const application = name === null ? undefined : applications.get(name)
  return {
    inline: name === null ? null : (inlines.get(name) ?? null),
    global,
    host,
    descriptor: name === null ? null : (descriptors.get(name) ?? null),
    application: readsApplications ? (application?.context ?? null) : null,
    webXmls: [application?.webXml ?? null, ...webXmls].filter((one) => one !== null),
  }
}
