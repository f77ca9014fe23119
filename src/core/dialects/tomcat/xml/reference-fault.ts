/** Why a text is not well-formed. */
export interface XmlFault {
  readonly offset: number
  /** One plain sentence without a full stop. */
  readonly message: string
  /** The message without anything that the text says. */
  readonly reason: string
  readonly help: string | null
}

/** Entities that need no declaration. */
export const predefined = ['amp', 'lt', 'gt', 'quot', 'apos'] as const
const reference = /&(?:(?<name>[^\s#&;<>"'/=%]+);|#\d+;|#x[0-9a-f]+;)?/giu

/** The first `&` of a piece that begins no reference, or one to an entity that is not declared. */
export const referenceFault = (
  text: string,
  start: number,
  end: number,
  known: ReadonlySet<string>,
): XmlFault | null => {
  for (const found of text.slice(start, end).matchAll(reference)) {
    const offset = start + found.index
    if (found[0] === '&') {
      const message = 'this "&" is not escaped'
      return { offset, message, reason: message, help: 'write &amp;' }
    }
    const name = found.groups?.['name']
    if (name === undefined || known.has(name)) continue
    const message = `the entity &${name}; is not declared in this file`
    const reason = 'an entity is not declared in this file'
    return { offset, message, reason, help: `declare it in the DOCTYPE, or write &amp;${name};` }
  }
  return null
}
