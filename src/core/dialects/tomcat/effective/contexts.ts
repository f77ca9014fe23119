import { contextFileOf } from '../context-path.ts'
import type { ExistingFiles } from './existing-files.ts'
import { type HostFiles, layersIn } from './host-files.ts'
import {
  type CookieAttribute,
  type CookieSettings,
  cookieAttributes,
  type Layer,
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
  /** `<cookie-config>` of the web.xml of the application, of web.xml.default and of conf/web.xml. */
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

/**
 * The contexts that the written file configures: that of the spec, else all.
 * @param written the conf/context.xml or context file that sessctl writes.
 */
export const contextsOf = (
  { application, instance, host }: ExistingFiles,
  written: Layer,
): readonly KnownContext[] => {
  const own = contextFileOf(instance.app)
  const files: HostFiles =
    own === null
      ? { ...host, global: written }
      : { ...host, descriptors: new Map([...host.descriptors, [own, written]]) }
  const names =
    own === null ? [application, ...files.inlines.keys(), ...files.descriptors.keys()] : [own]
  return [...new Set(names)].map((name) => ({ name, layers: layersIn(files, name) }))
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
