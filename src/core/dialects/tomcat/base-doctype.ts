import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type BaseFile, inBase } from './base-file.ts'
import { report } from './codes.ts'
import { tokensOf } from './xml/tokens.ts'

const declaration =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!ENTITY\s+(?:%\s+)?(?<name>[^\s%"'>]+)\s+(?<kind>SYSTEM|PUBLIC)?(?:\s*(?:"[^"]*"|'[^']*')(?=\s*["']))?\s*(?<text>"[^"]*"|'[^']*')/g

const external =
  /^<!DOCTYPE\s+[^\s[>]+\s+(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))\s*(?<uri>"[^"]*"|'[^']*')/

interface Found {
  readonly offset: number
  readonly message: string
}

const found = (doctype: string): readonly Found[] => {
  const uri = external.exec(doctype)?.groups?.['uri']
  const subset = uri === undefined ? [] : [{ offset: 0, message: `the DOCTYPE includes ${uri}` }]
  const entities = [...doctype.matchAll(declaration)].flatMap(({ index, groups }) => {
    const { name, kind, text } = groups ?? {}
    if (name === undefined) return []
    const message =
      kind === undefined
        ? `the DOCTYPE declares the entity "${name}"`
        : `the entity "${name}" includes ${text ?? ''}`
    return [{ offset: index, message }]
  })
  return [...subset, ...entities]
}

/** What the DOCTYPE of an existing file makes Tomcat's parser read, in the file or elsewhere. */
export const doctypeProblems = (base: BaseFile): readonly Diagnostic[] => {
  for (const { kind, start, end } of tokensOf(base.document.text)) {
    if (start >= base.document.root.start) break
    if (kind !== 'doctype') continue
    return found(base.document.text.slice(start, end)).map(({ offset, message }) =>
      report(
        'tomcat-base-doctype',
        inBase(base, start + offset),
        `${message}, and the artifact has it too: Tomcat resolves it when it starts`,
        'remove the DOCTYPE, and write its text in place of each entity',
      ),
    )
  }
  return []
}
