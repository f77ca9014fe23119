import { type Document, isScalar, type Node } from 'yaml'
import type { Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import type { Source } from '../diagnostics/located.ts'
import { report } from './codes.ts'
import {
  checkDuplicateKeys,
  checkEndlessAlias,
  checkProtoKey,
  reportAlias,
  reportAliasLimit,
} from './document-problems.ts'
import { specEdit } from './edit.ts'
import { secretSpans } from './secrets.ts'
import { smallestSpec } from './smallest.ts'
import { checkSyntax } from './syntax/index.ts'
import { rangeAt, textTree } from './text-tree.ts'
import { type LimitPassed, readDocument } from './yaml-document.ts'

/** The maximum length of a spec in UTF-16 units; 10,000 servers need about an eighth. */
export const specSizeLimit = 8 * 1024 * 1024

export interface ParsedText {
  readonly source: Source
  /** Plain data, as in JSON; undefined when an error is reported. */
  readonly data: unknown
}

const at = (start: number, end = start + 1): Place => ({ kind: 'text', start, end })

/** A spec needs about ten levels. */
const deepest = 400
const tooFarIn = new RegExp(`^ {${deepest + 1}}`, 'm')

/**
 * The offset where brackets or indentation exceed the depth limit; null: nowhere.
 * Checked before the YAML reader runs, whose time grows with the square of the depth. Brackets in
 * quoted texts count too: hundreds of them without their closing brackets are not expected there.
 */
const tooDeepAt = (text: string): number | null => {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0x5b || unit === 0x7b) depth += 1
    else if ((unit === 0x5d || unit === 0x7d) && depth > 0) depth -= 1
    if (depth > deepest) return index
  }
  const indented = text.search(tooFarIn)
  return indented === -1 ? null : indented
}

const reportTooDeep = (start: number, findings: Findings): void => {
  report(findings, 'spec-syntax', at(start), 'the spec is nested too deeply', null)
}

const reportLimit = (passed: LimitPassed, findings: Findings): void => {
  if (passed.limit === 'depth') reportTooDeep(passed.at, findings)
  else if (passed.limit === 'aliases') reportAliasLimit(at(passed.at), findings)
  else
    report(
      findings,
      'spec-too-large',
      at(passed.at),
      'the spec has more than 1,000,000 YAML tokens',
      'check that this is the right file: 10,000 servers need fewer than 400,000 tokens',
    )
}

/** @param text the part that may be shown. */
export const unreadSource = (file: string, text: string): Source => ({
  file,
  text,
  range: () => [0, 1],
  edit: () => null,
  secrets: () => secretSpans(text, null, false),
})

/** @param isWhole whether the tree contains all of the text. */
const sourceOf = (file: string, text: string, root: Node | null, isWhole: boolean): Source => {
  const tree = textTree(root)
  return {
    file,
    text,
    range: ({ path, part }) => rangeAt(tree, path, part),
    edit: (edit) => specEdit(text, root, edit),
    secrets: () => secretSpans(text, root, isWhole),
  }
}

const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (isScalar(contents) && contents.value === null)

/** Reports a document without syntax errors that has no plain data. */
const isUnusable = (text: string, document: Document.Parsed, findings: Findings): boolean => {
  if (isEmpty(document)) {
    const start = at(0, Math.min(1, text.length))
    report(findings, 'spec-empty', start, 'the spec is empty', `write a spec: ${smallestSpec}`)
    return true
  }
  return (
    (text.includes('*') && checkEndlessAlias(document, findings)) ||
    (text.includes('proto__') && checkProtoKey(document, findings))
  )
}

const dataOf = (document: Document.Parsed, findings: Findings): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    reportAlias(document, error, findings)
    return undefined
  }
}

/**
 * Parses YAML 1.2 (JSON is part of it) into plain data, and keeps the position of every value.
 * A byte order mark and CRLF line ends are accepted.
 */
export const parseText = (file: string, text: string, findings: Findings): ParsedText => {
  // The positions of secrets in a text that is not parsed are not known, so the text is not shown.
  const unread = (shown: string): ParsedText => ({
    source: unreadSource(file, shown),
    data: undefined,
  })
  if (text.length > specSizeLimit) {
    const message = `the spec is ${(text.length / 1024 / 1024).toFixed(1)} MiB long; the limit is 8 MiB`
    report(findings, 'spec-too-large', at(0, 0), message, 'check that this is the right file')
    return unread('')
  }
  const deep = tooDeepAt(text)
  if (deep !== null) {
    reportTooDeep(deep, findings)
    return unread(text)
  }
  const document = readDocument(text)
  if ('limit' in document) {
    reportLimit(document, findings)
    return unread(text)
  }
  if (checkSyntax(text, document.errors, findings) || checkDuplicateKeys(document, findings))
    return { source: sourceOf(file, text, document.contents, false), data: undefined }
  return isUnusable(text, document, findings)
    ? unread(text)
    : {
        source: sourceOf(file, text, document.contents, true),
        data: dataOf(document, findings),
      }
}
