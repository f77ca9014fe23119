import { isScalar, type Node, parseDocument } from 'yaml'
import { type Diagnostic, type Place, reporterFor } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/located.ts'
import { aliasProblem, endlessAlias } from './alias-problem.ts'
import { anyTree } from './any-tree.ts'
import { specCodes } from './codes.ts'
import { duplicateKeys } from './duplicate-keys.ts'
import type { ParsedText } from './parse.ts'
import { protoKey } from './proto-key.ts'
import { secretSpans } from './secrets.ts'
import { smallestSpec } from './smallest.ts'
import { syntaxMistake } from './syntax/index.ts'
import { rangeAt } from './text-node.ts'

const report = reporterFor(specCodes)

const wholeText = (text: string): Place => ({
  kind: 'text',
  start: 0,
  end: Math.min(1, text.length),
})

/** @param isWhole whether the tree holds everything that the text says. */
const sourceOf = (file: string, text: string, root: Node | null, isWhole: boolean): Source => {
  const tree = anyTree(root)
  return {
    file,
    text,
    range: ({ path, part }) => rangeAt(tree, path, part),
    secrets: () => secretSpans(text, root, isWhole),
  }
}

const nothing = (file: string, text: string, diagnostic: Diagnostic): ParsedText => ({
  source: sourceOf(file, text, null, false),
  data: undefined,
  diagnostics: [diagnostic],
})

/** Any text as YAML 1.2: what is wrong with it, or its data. */
export const parseAny = (file: string, text: string): ParsedText => {
  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    strict: true,
    uniqueKeys: false,
    logLevel: 'error',
  })
  const mistake = syntaxMistake(text, document.errors)
  const wrong = mistake === null ? duplicateKeys(document) : [mistake]
  if (wrong.length > 0) {
    const source = sourceOf(file, text, document.contents, false)
    return { source, data: undefined, diagnostics: wrong }
  }
  if (
    document.contents === null ||
    (isScalar(document.contents) && document.contents.value === null)
  ) {
    return nothing(
      file,
      text,
      report(
        'spec-empty',
        wholeText(text),
        'the spec is empty',
        `write into the file: ${smallestSpec}`,
      ),
    )
  }
  const unusable =
    (text.includes('*') ? endlessAlias(document) : null) ??
    (text.includes('proto__') ? protoKey(document) : null)
  if (unusable !== null) return nothing(file, text, unusable)
  const source = sourceOf(file, text, document.contents, true)
  try {
    return { source, data: document.toJS({ maxAliasCount: 100 }), diagnostics: [] }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { source, data: undefined, diagnostics: [aliasProblem(document, error)] }
  }
}
