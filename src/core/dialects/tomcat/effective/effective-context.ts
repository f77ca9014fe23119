import {
  type CookieAttribute,
  cookieAttributes,
  type Layer,
  type Said,
  type SaidCookie,
  type SaidManager,
} from './layer.ts'

/** Everything that says something about one context; null: there is no such file. */
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
  readonly webXmls: readonly SaidCookie[]
}

/** What is in force for a context, with the layer that says it; null: nothing says it. */
export interface EffectiveContext {
  readonly manager: { readonly said: SaidManager; readonly layer: Layer } | null
  readonly cookie: SaidCookie
  /** In the order in which Tomcat reads them. */
  readonly read: readonly Layer[]
}

/**
 * The files that Tomcat reads for a context, in its order (startup/ContextConfig.contextConfig and
 * HostConfig): a Context in server.xml first, then the defaults unless the file that makes the context
 * says `override`, then that file itself. A Context in server.xml leaves no room for another file, a
 * file below conf none for META-INF/context.xml. The same from 7.0 to 11.0.
 */
const readLayers = (layers: ContextLayers): readonly Layer[] => {
  const { inline, global, host, descriptor, application } = layers
  const own = inline ?? descriptor ?? application
  return [
    inline,
    ...(own?.isOverride === true ? [] : [global, host]),
    inline === null ? own : null,
  ].filter((layer) => layer !== null)
}

/** What is said later takes the place of what was said before. */
const lastSaid = <Value>(values: readonly (Value | null)[]): Value | null =>
  values.findLast((value) => value !== null) ?? null

/** What Tomcat makes of all that is said about a context. web.xml counts where no Context says it. */
export const effectiveContext = (layers: ContextLayers): EffectiveContext => {
  const read = readLayers(layers)
  const manager = lastSaid(
    read.map((layer) => (layer.manager === null ? null : { said: layer.manager, layer })),
  )
  const cookieOf = (name: CookieAttribute): Said | null => {
    const said = lastSaid(read.map(({ cookie }) => cookie[name]))
    // An empty text takes back what was said before it, and counts as none (util/SessionConfig).
    if (said !== null && said.value !== '') return said
    return layers.webXmls.find((cookie) => cookie[name] !== null)?.[name] ?? null
  }
  const [name, path, domain] = cookieAttributes
  return {
    manager,
    cookie: { [name]: cookieOf(name), [path]: cookieOf(path), [domain]: cookieOf(domain) },
    read,
  }
}
