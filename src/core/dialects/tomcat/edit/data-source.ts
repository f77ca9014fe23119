import { attributeValue, childrenOf, type XmlDocument, type XmlElement } from '../xml/document.ts'
import type { XmlNode } from '../xml/write.ts'
import { classOf, effectiveChild, wantedClassOf } from './element-class.ts'

interface Parts {
  readonly resources: readonly XmlNode[]
  readonly manager: XmlNode | null
}

const renamed = (node: XmlNode, key: string, value: string): XmlNode => ({
  ...node,
  attributes: node.attributes.map(([name, was]) => [name, name === key ? value : was] as const),
})

const storeIn = (document: XmlDocument): XmlElement | null => {
  const manager = effectiveChild(document.root, 'Manager')
  return manager === null ? null : effectiveChild(manager, 'Store')
}

/**
 * The session store with the DataSource that the file already has, pool and all, where its own Store
 * names one: the spec does not speak of the name.
 */
export const fittingResources = (document: XmlDocument, { resources, manager }: Parts): Parts => {
  const [resource] = resources
  const [store] = manager?.children ?? []
  const existing = storeIn(document)
  const name = existing === null ? null : attributeValue(existing, 'dataSourceName')
  const isThere = childrenOf(document.root, 'Resource').some(
    (one) => attributeValue(one, 'name') === name,
  )
  const isSame =
    existing !== null && store !== undefined && classOf(existing) === wantedClassOf(store)
  if (resource === undefined || store === undefined || manager === null)
    return { resources, manager }
  if (name === null || !isThere || !isSame) return { resources, manager }
  return {
    resources: [renamed(resource, 'name', name)],
    manager: { ...manager, children: [renamed(store, 'dataSourceName', name)] },
  }
}
