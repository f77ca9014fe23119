import type { XmlDocument } from '../../dialects/tomcat/xml/document.ts'
import { applied, removeAttribute } from '../../dialects/tomcat/xml/edit.ts'
import { reparse } from '../../dialects/tomcat/xml/parse.ts'
import { isolateXml } from '../../validate/tomcat/isolate.ts'
import type { EditedDocument } from './noted.ts'
import { withoutHostPlaces } from './without-places.ts'

/** A context file as the lab runs it, where the application is its own; a sentence when it cannot. */
export const labContextFile = (given: XmlDocument): EditedDocument | string => {
  const bare = ['docBase', 'path', 'workDir'].reduce(
    (document, name) => applied(document, removeAttribute(document, document.root, name)),
    given,
  )
  const made = isolateXml(bare, '')
  if (typeof made === 'string') return made
  const scrubbed = withoutHostPlaces(reparse(bare, made.text))
  return { document: scrubbed.document, notes: [...made.notes, ...scrubbed.notes] }
}
