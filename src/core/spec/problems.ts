import type * as z from 'zod'
import {
  atKey,
  atValue,
  type Diagnostic,
  reporterFor,
  type SpecPath,
} from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { isSecretPath } from '../secrets/keys.ts'
import { type Advice, broughtKey, broughtValue } from './brought-words.ts'
import { specCodes } from './codes.ts'
import {
  expectedName,
  last,
  notThatType,
  quoted,
  sizeMessage,
  typeName,
  type Written,
} from './described.ts'
import { keysAt, valueIssuesAt } from './known-keys.ts'
import {
  choiceRemedy,
  formRemedy,
  missingRemedy,
  sizeRemedy,
  typeRemedy,
  withoutRepeats,
} from './remedies.ts'
import { secretValues } from './secrets.ts'
import { otherFile, smallestSpec } from './smallest.ts'
import { valueAt } from './value-at.ts'

const report = reporterFor(specCodes)

type Issue = z.core.$ZodIssue

const pathOf = (issue: Issue, base: SpecPath): SpecPath => [
  ...base,
  ...issue.path.filter((key) => typeof key !== 'symbol'),
]

const explainUnrecognised = (
  issue: z.core.$ZodIssueUnrecognizedKeys,
  path: SpecPath,
  { data, secrets }: Written,
): Diagnostic[] => {
  const known = keysAt(path, data)
  const where = path.length > 0 ? ` in ${path.join('.')}` : ''
  return issue.keys.map((key) => {
    const brought = broughtKey(path, key)
    if (brought !== null)
      return report(
        'spec-unknown-key',
        atKey([...path, key]),
        withWord(brought.message, key),
        brought.help,
      )
    // A key may be a secret itself, or the rest of one: `password: {hunter2}`, `{ password: hunter,2 }`.
    return isSecretPath(path) || secrets.has(key)
      ? report('spec-unknown-key', atKey(path), `unknown key${where}`, didYouMean(key, known))
      : report(
          'spec-unknown-key',
          atKey([...path, key]),
          `unknown key "${key}"${where}`,
          didYouMean(key, known),
        )
  })
}

const withWord = (message: string, word: string): string =>
  message.replace('{word}', () => JSON.stringify(word))

const adviceAt = (path: SpecPath, word: string, { message, help }: Advice): Diagnostic =>
  report(
    /^terracotta/i.test(word) ? 'store-discontinued' : 'spec-value',
    atValue(path),
    withWord(message, word),
    help,
  )

const explainChoice = (
  path: SpecPath,
  value: unknown,
  choices: readonly unknown[],
  written: Written,
): Diagnostic => {
  const remedy = choiceRemedy(last(path), value, choices)
  const brought = typeof value === 'string' ? broughtValue(path, value, written.data) : null
  if (brought !== null) return adviceAt(path, String(value), brought)
  return value === undefined
    ? report('spec-missing-key', atValue(path.slice(0, -1)), `"${last(path)}" is missing`, remedy)
    : report(
        'spec-value',
        atValue(path),
        `${quoted(value, path, written)} is not a value of "${last(path)}"`,
        remedy,
      )
}

/** Of several forms, the one whose kind of value was written is the one that was meant. */
const meantBranch = (branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] => {
  const fitsType = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'),
  )
  const notBlank = (fitsType.length > 0 ? fitsType : branches).filter((issues) => issues.length > 0)
  const byDepth = [...notBlank].sort((a, b) => a.length - b.length)
  return (
    byDepth.find(
      (issues) => typeof value !== 'object' || issues.some((issue) => issue.path.length > 0),
    ) ??
    byDepth[0] ??
    []
  )
}

const explainUnion = (
  issue: z.core.$ZodIssueInvalidUnion,
  path: SpecPath,
  written: Written,
): Diagnostic[] => {
  const { data } = written
  const value = valueAt(data, path)
  const { discriminator } = issue as { discriminator?: string }
  if (typeof discriminator === 'string' && issue.errors.length === 0) {
    const { options } = issue as { options?: readonly unknown[] }
    const at = path.at(-1) === discriminator ? path : [...path, discriminator]
    return [explainChoice(at, valueAt(data, at), options ?? [], written)]
  }
  const brought = typeof value === 'string' ? broughtValue(path, value, data) : null
  if (typeof value === 'string' && brought !== null) return [adviceAt(path, value, brought)]
  const branches = issue.errors
  const expected = branches.flatMap((issues) =>
    issues.flatMap((one) =>
      one.path.length === 0 && one.code === 'invalid_type' ? [one.expected] : [],
    ),
  )
  if (expected.length === branches.length) {
    const names = [...new Set(expected.map((name) => expectedName[name] ?? name))]
    return [
      report(
        'spec-type',
        atValue(path),
        `"${last(path)}" must be ${names.join(' or ')}, not ${typeName(value)}`,
        null,
      ),
    ]
  }
  return explainAll(meantBranch(branches, value), path, written)
}

const notASpec = (data: unknown): Diagnostic =>
  report(
    'spec-type',
    atValue([]),
    `a spec is a map, not ${typeName(data)}`,
    (typeof data === 'string' ? otherFile(data) : null) ?? `begin with: ${smallestSpec}`,
  )

const explain = (issue: Issue, base: SpecPath, written: Written): Diagnostic[] => {
  const path = pathOf(issue, base)
  const value = valueAt(written.data, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return explainUnrecognised(issue, path, written)
    case 'invalid_union':
      return explainUnion(issue, path, written)
    case 'invalid_value':
      return [explainChoice(path, value, issue.values, written)]
    case 'invalid_key':
      return [
        ...issue.issues.map((inner) =>
          report(
            'spec-value',
            atKey(path),
            `the key ${quoted(last(path), path, written)} ${inner.message}`,
            null,
          ),
        ),
        ...explainAll(valueIssuesAt(path, value), path, written),
      ]
    case 'invalid_type':
      if (path.length === 0) return [notASpec(value)]
      if (typeof value === 'string') {
        const brought = broughtValue(path, value, written.data)
        if (brought !== null) return [adviceAt(path, value, brought)]
      }
      return value === undefined
        ? [
            report(
              'spec-missing-key',
              atValue(path.slice(0, -1)),
              `"${last(path)}" is missing`,
              missingRemedy(path, written.data),
            ),
          ]
        : [
            report(
              'spec-type',
              atValue(path),
              `"${last(path)}" must be ${expectedName[issue.expected] ?? issue.expected}, not ${notThatType(issue.expected, value)}`,
              typeRemedy(
                issue.expected,
                value,
                path,
                isSecretPath(path) || written.secrets.has(value),
              ),
            ),
          ]
    case 'too_small':
    case 'too_big':
      return [
        report(
          'spec-value',
          atValue(path),
          sizeMessage(issue, value, path, written),
          sizeRemedy(issue, value, path),
        ),
      ]
    default:
      return [
        report(
          'spec-value',
          atValue(path),
          `${quoted(value, path, written)} ${issue.message}`,
          isSecretPath(path) ? null : formRemedy(path, value),
        ),
      ]
  }
}

const explainAll = (issues: readonly Issue[], base: SpecPath, written: Written): Diagnostic[] =>
  withoutRepeats(issues).flatMap((issue) => explain(issue, base, written))

/** Turns what zod found into diagnostics: each at its key or value, with a remedy. */
export const problemsOf = (error: z.core.$ZodError, data: unknown): readonly Diagnostic[] =>
  explainAll(error.issues, [], { data, secrets: secretValues(data) })
