import { contextFileNameOf, contextFileOf } from '../context-path.ts'
import { attributeValue, childrenOf } from '../xml/document.ts'
import type { ExistingFiles } from './existing-files.ts'
import {
  type CookieAttribute,
  type CookieSettings,
  cookieAttributes,
  type Layer,
  layerOf,
  type ManagerSetting,
  type Setting,
} from './layer.ts'

/** The files that configure one context; null: there is no such file. */
export interface ContextLayers {
  /** `<Context>` in server.xml. */
  readonly inline: Layer | null
  /** conf/context.xml */
  readonly global: Layer | null
  /** conf/ENGINE/HOST/context.xml.default */
  readonly host: Layer | null
  /** conf/ENGINE/HOST/NAME.xml */
  readonly descriptor: Layer | null
  /** META-INF/context.xml of the application */
  readonly application: Layer | null
  /** `<cookie-config>` of the web.xml of the application, and of conf/web.xml. */
  readonly webXmls: readonly CookieSettings[]
}

/** The settings that Tomcat uses for a context; null: not set by any file. */
export interface EffectiveContext {
  readonly manager: { readonly setting: ManagerSetting; readonly layer: Layer } | null
  readonly cookie: CookieSettings
  /** The files that Tomcat reads, in its order. */
  readonly read: readonly Layer[]
}

/** The file that defines the context. */
export const definingLayer = ({ inline, descriptor, application }: ContextLayers): Layer | null =>
  inline ?? descriptor ?? application

/**
 * The files that Tomcat reads for a context, in its order (startup/ContextConfig.contextConfig and
 * HostConfig): a Context in server.xml, then the defaults unless the file that defines the context has
 * override="true", then that file. For a Context in server.xml no context file is read, and with a file
 * below conf no META-INF/context.xml. The same from 7.0 to 11.0.
 */
const readLayers = (layers: ContextLayers): readonly Layer[] => {
  const { inline, global, host } = layers
  const own = definingLayer(layers)
  return [
    inline,
    ...(own?.isOverride === true ? [] : [global, host]),
    inline === null ? own : null,
  ].filter((layer) => layer !== null)
}

/** The effective settings of a context: the last Context that sets one, else web.xml. */
export const effectiveContext = (layers: ContextLayers): EffectiveContext => {
  const read = readLayers(layers)
  const managed = read.findLast(({ manager }) => manager !== null)
  const cookieOf = (name: CookieAttribute): Setting | null => {
    const setting = read.findLast(({ cookie }) => cookie[name] !== null)?.cookie[name] ?? null
    // An empty value resets the attribute (util/SessionConfig).
    if (setting !== null && setting.value !== '') return setting
    return layers.webXmls.find((cookie) => cookie[name] !== null)?.[name] ?? null
  }
  const [name, path, domain] = cookieAttributes
  return {
    manager: managed?.manager ? { setting: managed.manager, layer: managed } : null,
    cookie: { [name]: cookieOf(name), [path]: cookieOf(path), [domain]: cookieOf(domain) },
    read,
  }
}

/** One context of a Tomcat. */
export interface KnownContext {
  /** The name of its context file, such as ROOT.xml; null: any context without files of its own. */
  readonly name: string | null
  readonly layers: ContextLayers
}

/** The Context elements of server.xml, by the names that their context files would have. */
const inlineContexts = ({ bases }: ExistingFiles): ReadonlyMap<string, Layer> => {
  const { server } = bases
  if (server === null || server.host === null) return new Map()
  return new Map(
    childrenOf(server.host, 'Context').map((element) => {
      const docBase = attributeValue(element, 'docBase') ?? ''
      const path =
        attributeValue(element, 'path') ??
        `/${docBase
          .split('/')
          .at(-1)
          ?.replace(/\.war$/i, '')}`
      return [contextFileNameOf(path), layerOf(server, element)]
    }),
  )
}

/**
 * The contexts that the written file configures: that of the spec, else all.
 * @param written the conf/context.xml or context file that sessctl writes.
 */
export const contextsOf = (files: ExistingFiles, written: Layer): readonly KnownContext[] => {
  const { application, bases, confWebXml, descriptors, global, host } = files
  const inlines = inlineContexts(files)
  const own = contextFileOf(files.instance.app)
  const isDefault = own === null
  const deploysXml = bases.server?.host
    ? attributeValue(bases.server.host, 'deployXML') !== 'false'
    : true
  const layersOf = (name: string | null): ContextLayers => {
    const isOwn = application !== null && application.name === name
    const descriptor = name === null ? null : (descriptors.get(name) ?? null)
    return {
      inline: name === null ? null : (inlines.get(name) ?? null),
      global: isDefault ? written : global,
      host,
      descriptor: isDefault ? descriptor : written,
      application: isOwn && deploysXml ? application.context : null,
      webXmls: [isOwn ? application.webXml : null, confWebXml].filter((one) => one !== null),
    }
  }
  const names = isDefault
    ? [application?.name ?? null, ...inlines.keys(), ...descriptors.keys()]
    : [own]
  return [...new Set(names)].map((name) => ({ name, layers: layersOf(name) }))
}

/** The context that the balancer serves: the application of the spec, or the only context. */
export const mainContext = (
  { application }: ExistingFiles,
  contexts: readonly KnownContext[],
): KnownContext | null => {
  const [first = null, second, ...more] = contexts
  const isOnly = second !== undefined && more.length === 0
  return application === null && first?.name === null && isOnly ? second : first
}
