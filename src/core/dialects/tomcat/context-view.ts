import type { Version } from '../../model/version.ts'
import { type AttributeView, attributeViews } from './attribute.ts'
import { type ElementView, elementView } from './element-view.ts'
import { lineOf } from './release.ts'
import type { StoreParts } from './stores/parts.ts'
import type { Attribute } from './xml/write.ts'

/** What one context says; null and empty: nothing. */
export interface ContextParts {
  readonly attributes: readonly Attribute[]
  readonly cookieProcessor: readonly Attribute[]
  readonly store: Pick<StoreParts, 'resources' | 'valves' | 'manager'>
}

/** For templates/tomcat/context.hbs. */
export interface ContextView {
  readonly attributes: readonly AttributeView[]
  readonly watchedResources: readonly string[]
  readonly cookieProcessor: { readonly attributes: readonly AttributeView[] } | null
  readonly elements: readonly ElementView[]
}

/** Files that reload a context when they change, as in the context.xml that comes with the release. */
const watchedResourcesOf = (version: Version): readonly string[] => {
  const line = lineOf(version)
  const own = 'WEB-INF/web.xml'
  const shared = ['$', '{catalina.base}/conf/web.xml'].join('')
  if (line === '7.0') return [own]
  return line === '8.5' ? [own, shared] : [own, 'WEB-INF/tomcat-web.xml', shared]
}

/** `isDefault`: for conf/context.xml, which sets the defaults that the file of one context inherits. */
export const contextView = (
  version: Version,
  { attributes, cookieProcessor, store }: ContextParts,
  isDefault: boolean,
): ContextView => {
  const manager = store.manager === null ? [] : [store.manager]
  return {
    attributes: attributeViews(attributes),
    watchedResources: isDefault ? watchedResourcesOf(version) : [],
    cookieProcessor:
      cookieProcessor.length === 0 ? null : { attributes: attributeViews(cookieProcessor) },
    elements: [...store.resources, ...store.valves, ...manager].map((node) => elementView(node, 1)),
  }
}
