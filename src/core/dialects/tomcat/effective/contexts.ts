import { contextFileNameOf, contextFileOf } from '../context-path.ts'
import { attributeValue, childrenOf } from '../xml/document.ts'
import type { ContextLayers } from './effective-context.ts'
import { type Layer, layerOf } from './layer.ts'
import type { Site } from './site.ts'

/** One context of a Tomcat with everything that is said about it. */
export interface KnownContext {
  /** Of its context file, such as ROOT.xml; null: any that nothing speaks of. */
  readonly name: string | null
  readonly layers: ContextLayers
}

/** By the names that their context files would have. */
const inlineContexts = ({ bases }: Site): ReadonlyMap<string, Layer> => {
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

const layersFor = (
  site: Site,
  name: string | null,
  inlines: ReadonlyMap<string, Layer>,
  written: Layer,
): ContextLayers => {
  const isDefault = contextFileOf(site.instance.app).name === null
  const { application, confWebXml } = site
  const isOwn = application !== null && application.name === name
  const deploysXml = site.bases.server?.host
    ? attributeValue(site.bases.server.host, 'deployXML') !== 'false'
    : true
  return {
    inline: name === null ? null : (inlines.get(name) ?? null),
    global: isDefault ? written : site.global,
    host: site.host,
    descriptor: isDefault ? (name === null ? null : (site.descriptors.get(name) ?? null)) : written,
    application: isOwn && deploysXml ? application.context : null,
    webXmls: [isOwn ? application.webXml : null, confWebXml].filter((one) => one !== null),
  }
}

/**
 * The contexts that what sessctl writes is for: the one that the spec names, else all of them.
 * @param written what sessctl writes into conf/context.xml or the context file.
 */
export const contextsOf = (site: Site, written: Layer): readonly KnownContext[] => {
  const inlines = inlineContexts(site)
  const own = contextFileOf(site.instance.app).name
  const known = [...inlines.keys(), ...site.descriptors.keys()]
  const all: readonly (string | null)[] =
    own === null ? [site.application?.name ?? null, ...known] : [own]
  return [...new Set(all)].map((name) => ({
    name,
    layers: layersFor(site, name, inlines, written),
  }))
}

/** The one that the balancer is there for: the application of the spec, or the only one that there is. */
export const mainContext = (site: Site, contexts: readonly KnownContext[]): KnownContext | null => {
  const [first = null, second, ...more] = contexts
  const isOnly = second !== undefined && more.length === 0
  return site.application === null && first?.name === null && isOnly ? second : first
}
