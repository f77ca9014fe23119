/** `<!ENTITY name "text">` or `<!ENTITY name SYSTEM "file">` in an internal subset. */
export interface EntityDeclaration {
  readonly name: string
  /** The literal text; for an external entity the system identifier. */
  readonly text: string
  readonly isFile: boolean
}

const opening = /<!--|<\?|<!ENTITY\s/g
const entity =
  /<!ENTITY\s+(?<name>[^\s%"'>]+)\s+(?<external>(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s+)?(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/y

/**
 * The general entities that the internal subset of a DOCTYPE declares. The first declaration of a name
 * is used (XML 1.0 §4.2). Declarations in comments and processing instructions are ignored; an
 * unclosed comment or instruction extends to the end.
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
