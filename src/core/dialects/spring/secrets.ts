import { atValue, type Diagnostic, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Secret } from '../../model/store.ts'
import { report } from './codes.ts'

/** A secret as application.properties refers to it. */
export interface Reference {
  readonly text: string | null
  /** A folder whose files are properties, for spring.config.import; null: none is needed. */
  readonly folder: string | null
  readonly diagnostics: readonly Diagnostic[]
}

const none: Reference = { text: null, folder: null, diagnostics: [] }

const placeholder = (name: string): string => ['$', '{', name, '}'].join('')

const refused = (path: SpecPath, message: string, help: string): Reference => ({
  ...none,
  diagnostics: [report('spring-text', atValue(path), message, help)],
})

/** Whether Spring would look something up in a text. */
export const isPlaceholder = (text: string): boolean => text.includes('${')

/** spring.config.import is a list, divided by commas and semicolons, and `*` is any folder. */
const isOneFolder = (folder: string): boolean => !/[,;*]/.test(folder) && !isPlaceholder(folder)

export const referenceTo = (secret: Secret | null, path: SpecPath): Reference => {
  if (secret === null) return none
  if (secret.kind === 'env') return { ...none, text: placeholder(secret.name) }
  if (secret.kind === 'literal') {
    return isPlaceholder(secret.value)
      ? refused(path, 'this secret holds a dollar with a brace', 'give it as { env: NAME }')
      : { ...none, text: secret.value }
  }
  const [, folder, name] = /^(\/(?:.*\/)?)([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(secret.path) ?? []
  if (folder === undefined || name === undefined || !isOneFolder(folder)) {
    const help =
      'name it by its whole path without ",", ";" and "*", its last part of letters, digits, "_" and "-"'
    return refused(path, `"${secret.path}" cannot be the name of a property of Spring`, help)
  }
  return { text: placeholder(name), folder: `configtree:${folder}`, diagnostics: [] }
}
