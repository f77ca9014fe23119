import type { XmlDocument, XmlElement } from './document.ts'
import { parseXml } from './parse.ts'
import { tokensOf } from './tokens.ts'

/** `&name;` between elements, and what it stands for. */
export interface XmlReference {
  readonly name: string
  /** Of the `&`. */
  readonly start: number
  /** The innermost element around it. */
  readonly parent: XmlElement
  /** The file that is included; null: the entity is declared with its text. */
  readonly file: string | null
  /** What its text brings in; empty where a file is included. Their places are not those of the document. */
  readonly elements: readonly XmlElement[]
}

const declaration =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!ENTITY\s+(?<name>[^\s%"'>]+)\s+(?:SYSTEM\s+|PUBLIC\s+(?:"[^"]*"|'[^']*')\s+)?(?<text>"[^"]*"|'[^']*')/g

interface Declared {
  readonly text: string
  readonly isFile: boolean
}

const declaredIn = (doctype: string): ReadonlyMap<string, Declared> => {
  const found = new Map<string, Declared>()
  for (const { 0: all, groups } of doctype.matchAll(declaration)) {
    const name = groups?.['name']
    if (name === undefined || found.has(name)) continue
    const isFile = /^<!ENTITY\s+\S+\s+(?:SYSTEM|PUBLIC)\s/.test(all)
    found.set(name, { text: groups?.['text']?.slice(1, -1) ?? '', isFile })
  }
  return found
}

const elementsIn = (text: string): readonly XmlElement[] => {
  const parsed = parseXml(new TextEncoder().encode(`<included>${text}</included>`))
  return parsed.ok ? parsed.value.root.children : []
}

const innermost = (element: XmlElement, offset: number): XmlElement => {
  const inner = element.children.find(({ start, end }) => start < offset && offset < end)
  return inner === undefined ? element : innermost(inner, offset)
}

/** The references to entities between the elements of a document, in the order of the file. */
export const referencesIn = ({ text, root }: XmlDocument): readonly XmlReference[] => {
  const declared = declaredIn(text.slice(0, root.start))
  if (declared.size === 0) return []
  const references: XmlReference[] = []
  for (const { kind, start, end } of tokensOf(text)) {
    if (kind !== 'text' || start < root.openEnd) continue
    for (const found of text.slice(start, end).matchAll(/&([^\s#;&]+);/g)) {
      const name = found[1] ?? ''
      const entity = declared.get(name)
      if (entity === undefined) continue
      const at = start + found.index
      references.push({
        name,
        start: at,
        parent: innermost(root, at),
        file: entity.isFile ? entity.text : null,
        elements: entity.isFile ? [] : elementsIn(entity.text),
      })
    }
  }
  return references
}
