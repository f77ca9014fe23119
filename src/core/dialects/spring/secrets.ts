import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Secret } from '../../model/store.ts'
import { report } from './codes.ts'

/** A secret as application.properties refers to it. */
export interface Reference {
  readonly text: string | null
  /** For spring.config.import: a folder whose files are properties; null: not needed. */
  readonly folder: string | null
}

const none: Reference = { text: null, folder: null }

const placeholder = (name: string): string => ['$', '{', name, '}'].join('')

/** Whether Spring would replace a part of the text. */
const hasPlaceholder = (text: string): boolean => text.includes('${')

/** spring.config.import is a list with commas and semicolons, and `*` is a wildcard. */
const isOneFolder = (folder: string): boolean => !/[,;*]/.test(folder) && !hasPlaceholder(folder)

/** Reports a text in which Spring would replace a placeholder. */
export const reportText = (text: string | null, path: SpecPath, findings: Findings): void => {
  if (text === null || !hasPlaceholder(text)) return
  const message = 'this text contains "${", where Spring inserts a property'
  report(findings, 'spring-text', atValue(path), message, 'remove "$" or the brace')
}

/** `spring.config.import`: the folders with secrets, each once; null: none. */
export const foldersOf = (references: readonly Reference[]): string | null =>
  [...new Set(references.flatMap(({ folder }) => folder ?? []))].join(',') || null

export const referenceTo = (
  secret: Secret | null,
  path: SpecPath,
  findings: Findings,
): Reference => {
  if (secret === null) return none
  if (secret.kind === 'env') return { ...none, text: placeholder(secret.name) }
  if (secret.kind === 'literal') {
    if (!hasPlaceholder(secret.value)) return { ...none, text: secret.value }
    const message = 'this secret contains "${", where Spring inserts a property'
    report(findings, 'spring-text', atValue(path), message, 'set the secret as { env: NAME }')
    return none
  }
  const [, folder, name] = /^(\/(?:.*\/)?)([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(secret.path) ?? []
  if (folder !== undefined && name !== undefined && isOneFolder(folder))
    return { text: placeholder(name), folder: `configtree:${folder}` }
  const message = `"${secret.path}" cannot be read as a property of Spring`
  const help =
    'use an absolute path without ",", ";" and "*" whose file name consists of letters, digits, "_" and "-"'
  report(findings, 'spring-text', atValue(path), message, help)
  return none
}
