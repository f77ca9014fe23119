import type { XmlDocument, XmlElement } from '../../dialects/tomcat/xml/document.ts'
import { applied, type Splice } from '../../dialects/tomcat/xml/edit.ts'
import { positionAt } from '../../dialects/tomcat/xml/problem.ts'
import { blank } from '../../validate/tomcat/isolate.ts'

/** A document for the lab, and what is not in it; sentences without a full stop. */
export interface EditedDocument {
  readonly document: XmlDocument
  readonly notes: readonly string[]
}

const lineAt = ({ lines }: XmlDocument, offset: number): number => positionAt(lines, offset).line

export const removalNote = (
  document: XmlDocument,
  what: string,
  offset: number,
  reason: string,
): string => `${what} in line ${lineAt(document, offset)} was left out: ${reason}`

/** Without the elements that there is a reason against; no line moves. */
export const removeElements = (
  document: XmlDocument,
  reasonAgainst: (element: XmlElement) => string | null,
): EditedDocument => {
  const splices: Splice[] = []
  const notes: string[] = []
  const walk = (element: XmlElement): void => {
    const reason = reasonAgainst(element)
    if (reason === null) {
      element.children.forEach(walk)
      return
    }
    splices.push(blank(document, element))
    notes.push(removalNote(document, `<${element.name}>`, element.start, reason))
  }
  document.root.children.forEach(walk)
  return { document: applied(document, splices), notes }
}
