import { entityDeclarations } from '../../dialects/tomcat/xml/declarations.ts'
import type { XmlDocument, XmlElement } from '../../dialects/tomcat/xml/document.ts'
import { applied, type Splice } from '../../dialects/tomcat/xml/edit.ts'
import { referencesIn } from '../../dialects/tomcat/xml/references.ts'
import { tokensOf } from '../../dialects/tomcat/xml/tokens.ts'
import { escapeAttribute } from '../../dialects/tomcat/xml/write.ts'
import { blank } from '../../validate/tomcat/isolate.ts'
import { type EditedDocument, removalNote } from './noted.ts'

/** Entities in entities; deeper than this nobody nests them in good faith. */
const mostRounds = 8
const mostText = 2_000_000

const expandedOnce = (document: XmlDocument): EditedDocument => {
  const { text, root } = document
  const texts = entityDeclarations(text.slice(0, root.start))
  const notes: string[] = []
  const splices = referencesIn(document).map(({ name, start, file }): Splice => {
    const end = start + name.length + 2
    if (file === null) return { start, end, text: texts.get(name)?.text ?? '' }
    notes.push(removalNote(document, `&${name};`, start, `"${file}" is not read`))
    return blank(document, { start, end })
  })
  return { document: applied(document, splices), notes }
}

/** Attributes with their entities resolved. */
const attributeSplices = (document: XmlDocument, element: XmlElement): readonly Splice[] => [
  ...element.attributes.flatMap(({ value, valueStart, valueEnd, quote }): readonly Splice[] =>
    document.text.slice(valueStart, valueEnd).includes('&')
      ? [
          {
            start: valueStart,
            end: valueEnd,
            text: escapeAttribute(value, quote, document.encoding),
          },
        ]
      : [],
  ),
  ...element.children.flatMap((child) => attributeSplices(document, child)),
]

/**
 * The same document without its DOCTYPE: entities of the file itself are written out, and files that it
 * includes are left out. null: it says too much.
 */
export const withoutDoctype = (given: XmlDocument): EditedDocument | null => {
  let document = given
  const notes: string[] = []
  for (let round = 0; referencesIn(document).length > 0; round++) {
    if (round === mostRounds || document.text.length > mostText) return null
    const next = expandedOnce(document)
    document = next.document
    notes.push(...next.notes)
  }
  const { text, root } = document
  const doctypes = [...tokensOf(text.slice(0, root.start))].filter(({ kind }) => kind === 'doctype')
  const splices = [
    ...attributeSplices(document, root),
    ...doctypes.map((doctype) => blank(document, doctype)),
  ]
  return { document: doctypes.length === 0 ? document : applied(document, splices), notes }
}
