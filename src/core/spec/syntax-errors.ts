import type { YAMLError } from 'yaml'
import { type Diagnostic, reporterFor } from '../diagnostics/diagnostic.ts'
import { specCodes } from './codes.ts'

const report = reporterFor(specCodes)

/** Nobody reads more than this many syntax errors; the first usually causes the rest. */
const shownErrors = 20

/** The YAML reader quotes what it met, and that may be anything, a secret too: the frame shows the place. */
const withoutQuote = (message: string): string =>
  (message.split('\n')[0] ?? message)
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/((?<=[\w)]): | \\).*$/, '')

const isTooDeep = ({ message }: YAMLError): boolean => message.startsWith('Maximum call stack')

const helpFor = (code: YAMLError['code']): string | null => {
  if (code === 'TAB_AS_INDENT') return 'indent with spaces; YAML does not allow tabs there'
  if (code === 'MULTIPLE_DOCS') return 'one spec is one document: remove the "---" in the middle'
  return null
}

const messageFor = (error: YAMLError): string => {
  if (isTooDeep(error)) return 'the spec is nested too deeply'
  if (error.code === 'MULTIPLE_DOCS') return 'the spec holds several documents'
  return withoutQuote(error.message)
}

const diagnosticFor = (error: YAMLError): Diagnostic =>
  report(
    'spec-syntax',
    { kind: 'text', start: error.pos[0], end: Math.max(error.pos[0] + 1, error.pos[1]) },
    messageFor(error),
    helpFor(error.code),
  )

/** What the YAML reader found, one diagnostic a place. */
export const syntaxErrors = (errors: readonly YAMLError[]): readonly Diagnostic[] => {
  const deep = errors.find(isTooDeep)
  if (deep) return [diagnosticFor(deep)]
  const byPlace = new Map(errors.map((error) => [error.pos[0], error]))
  return [...byPlace.values()].slice(0, shownErrors).map(diagnosticFor)
}
