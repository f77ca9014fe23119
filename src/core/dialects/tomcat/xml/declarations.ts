/** `<!ENTITY name "text">` or `<!ENTITY name SYSTEM "file">` of an internal subset. */
export interface EntityDeclaration {
  readonly name: string
  /** Literal; of an external entity the name of its file. */
  readonly text: string
  readonly isFile: boolean
}

const opening = /<!--|<\?|<!ENTITY\s/g
const entity =
  /<!ENTITY\s+(?<name>[^\s%"'>]+)\s+(?<external>(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s+)?(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/y

/**
 * General entities that the internal subset of a DOCTYPE declares. The first declaration counts
 * (XML 1.0 §4.2). What a comment or an instruction holds is none; one that does not end hides all
 * that follows.
 */
export const entityDeclarations = (doctype: string): ReadonlyMap<string, EntityDeclaration> => {
  const found = new Map<string, EntityDeclaration>()
  opening.lastIndex = 0
  for (let next = opening.exec(doctype); next !== null; next = opening.exec(doctype)) {
    if (next[0] !== '<!--' && next[0] !== '<?') {
      entity.lastIndex = next.index
      const { name, external, double, single } = entity.exec(doctype)?.groups ?? {}
      if (name === undefined) continue
      opening.lastIndex = entity.lastIndex
      const text = double ?? single ?? ''
      if (!found.has(name)) found.set(name, { name, text, isFile: external !== undefined })
      continue
    }
    const end = doctype.indexOf(next[0] === '<?' ? '?>' : '-->', opening.lastIndex)
    if (end === -1) break
    opening.lastIndex = end
  }
  return found
}
