import type { Version } from '../../model/version.ts'
import { type Attribute, type AttributeView, attributeViews } from './attribute.ts'
import { lineOf } from './release.ts'

/** What one context says; null and empty: nothing. */
export interface ContextParts {
  readonly attributes: readonly Attribute[]
  readonly cookieProcessor: readonly Attribute[]
  readonly manager: readonly Attribute[] | null
}

/** For templates/tomcat/context.hbs. */
export interface ContextView {
  readonly attributes: readonly AttributeView[]
  readonly watchedResources: readonly string[]
  readonly cookieProcessor: { readonly attributes: readonly AttributeView[] } | null
  readonly manager: { readonly attributes: readonly AttributeView[] } | null
}

/** Files that reload a context when they change, as in the context.xml that comes with the release. */
const watchedResourcesOf = (version: Version): readonly string[] => {
  const line = lineOf(version)
  const own = 'WEB-INF/web.xml'
  const shared = '$' + '{catalina.base}/conf/web.xml'
  if (line === '7.0') return [own]
  return line === '8.5' ? [own, shared] : [own, 'WEB-INF/tomcat-web.xml', shared]
}

/** `isDefault`: for conf/context.xml, which sets the defaults that the file of one context inherits. */
export const contextView = (
  version: Version,
  { attributes, cookieProcessor, manager }: ContextParts,
  isDefault: boolean,
): ContextView => ({
  attributes: attributeViews(attributes),
  watchedResources: isDefault ? watchedResourcesOf(version) : [],
  cookieProcessor:
    cookieProcessor.length === 0 ? null : { attributes: attributeViews(cookieProcessor) },
  manager: manager === null ? null : { attributes: attributeViews(manager) },
})
