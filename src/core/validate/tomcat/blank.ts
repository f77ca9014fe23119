import type { XmlDocument } from '../../dialects/tomcat/xml/document.ts'
import type { Splice } from '../../dialects/tomcat/xml/edit.ts'

/** Spaces in its place: no line moves. */
export const blank = (
  { text }: Pick<XmlDocument, 'text'>,
  { start, end }: { readonly start: number; readonly end: number },
): Splice => ({ start, end, text: text.slice(start, end).replace(/[^\r\n]/g, ' ') })
