const declared =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!ENTITY\s+(?<name>[^\s%"'>]+)\s+(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?:SYSTEM|PUBLIC)\s)/g

/**
 * General entities that the internal subset of a DOCTYPE declares, with their literal text; an
 * external one is empty, since what it includes is not in this file. The first declaration counts
 * (XML 1.0 §4.2).
 */
export const declaredEntities = (doctype: string): ReadonlyMap<string, string> => {
  const entities = new Map<string, string>()
  for (const { groups } of doctype.matchAll(declared)) {
    const name = groups?.['name']
    if (name !== undefined && !entities.has(name))
      entities.set(name, groups?.['double'] ?? groups?.['single'] ?? '')
  }
  return entities
}
