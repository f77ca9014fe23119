import type * as z from 'zod'
import { atKey, atValue, type SpecPath } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { isSecretPath } from '../secrets/keys.ts'
import { report } from './codes.ts'
import {
  expectedName,
  last,
  notThatType,
  quoted,
  sizeMessage,
  typeName,
  type Written,
} from './described.ts'
import { foreignKey, foreignValue } from './foreign-words.ts'
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

type Issue = z.core.$ZodIssue

const pathOf = (issue: Issue, base: SpecPath): SpecPath => [
  ...base,
  ...issue.path.filter((key) => typeof key !== 'symbol'),
]

const withWord = (message: string, word: string): string =>
  message.replace('{word}', () => JSON.stringify(word))

const explainUnrecognised = (
  issue: z.core.$ZodIssueUnrecognizedKeys,
  path: SpecPath,
  { data, secrets }: Written,
  findings: Findings,
): void => {
  const known = keysAt(path, data)
  const where = path.length > 0 ? ` in ${path.join('.')}` : ''
  for (const key of issue.keys) {
    const foreign = foreignKey(path, key)
    // A key may be a secret or a part of one: `password: {hunter2}`, `{ password: hunter,2 }`.
    const isSecret = isSecretPath(path) || secrets.has(key)
    const at = atKey(foreign === null && isSecret ? path : [...path, key])
    const message = isSecret ? `unknown key${where}` : `unknown key "${key}"${where}`
    if (foreign === null) report(findings, 'spec-unknown-key', at, message, didYouMean(key, known))
    else report(findings, 'spec-unknown-key', at, withWord(foreign.message, key), foreign.help)
  }
}

/** Explains a word that another product uses. */
const explainForeign = (path: SpecPath, written: Written, findings: Findings): boolean => {
  const word = valueAt(written.data, path)
  const advice = typeof word === 'string' ? foreignValue(path, word, written.data) : null
  if (typeof word !== 'string' || advice === null) return false
  report(
    findings,
    /^terracotta/i.test(word) ? 'store-discontinued' : 'spec-value',
    atValue(path),
    withWord(advice.message, word),
    advice.help,
  )
  return true
}

const explainMissing = (path: SpecPath, remedy: string | null, findings: Findings): void => {
  const at = atValue(path.slice(0, -1))
  report(findings, 'spec-missing-key', at, `"${last(path)}" is missing`, remedy)
}

const explainChoice = (
  path: SpecPath,
  choices: readonly unknown[],
  written: Written,
  findings: Findings,
): void => {
  if (explainForeign(path, written, findings)) return
  const value = valueAt(written.data, path)
  const remedy = choiceRemedy(last(path), value, choices)
  const message = `${quoted(value, path, written)} is not a value of "${last(path)}"`
  if (value === undefined) explainMissing(path, remedy, findings)
  else report(findings, 'spec-value', atValue(path), message, remedy)
}

/** Of several forms, the one with the type of the written value. */
const closestBranch = (
  branches: readonly (readonly Issue[])[],
  value: unknown,
): readonly Issue[] => {
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
  findings: Findings,
): void => {
  const value = valueAt(written.data, path)
  const { discriminator } = issue as { discriminator?: string }
  if (typeof discriminator === 'string' && issue.errors.length === 0) {
    const { options } = issue as { options?: readonly unknown[] }
    const at = path.at(-1) === discriminator ? path : [...path, discriminator]
    explainChoice(at, options ?? [], written, findings)
    return
  }
  if (value === undefined && path.length > 0) {
    explainMissing(path, missingRemedy(path, written.data), findings)
    return
  }
  if (explainForeign(path, written, findings)) return
  const branches = issue.errors.map(withoutRepeats)
  const expected = branches.flatMap((issues) =>
    issues.flatMap((one) =>
      one.path.length === 0 && one.code === 'invalid_type' ? [one.expected] : [],
    ),
  )
  const names = [...new Set(expected.map((name) => expectedName[name] ?? name))]
  const message = `"${last(path)}" must be ${names.join(' or ')}, not ${typeName(value)}`
  if (expected.length === branches.length)
    report(findings, 'spec-type', atValue(path), message, null)
  else explainAll(closestBranch(branches, value), path, written, findings)
}

const explainType = (
  issue: z.core.$ZodIssueInvalidType,
  path: SpecPath,
  written: Written,
  findings: Findings,
): void => {
  const value = valueAt(written.data, path)
  if (path.length === 0) {
    const message = `a spec is a map, not ${typeName(value)}`
    const help =
      (typeof value === 'string' ? otherFile(value) : null) ?? `start with: ${smallestSpec}`
    report(findings, 'spec-type', atValue([]), message, help)
  } else if (value === undefined) {
    explainMissing(path, missingRemedy(path, written.data), findings)
  } else if (!explainForeign(path, written, findings)) {
    const isSecret = isSecretPath(path) || written.secrets.has(value)
    report(
      findings,
      'spec-type',
      atValue(path),
      `"${last(path)}" must be ${expectedName[issue.expected] ?? issue.expected}, not ${notThatType(issue.expected, value)}`,
      typeRemedy(issue.expected, value, path, isSecret),
    )
  }
}

const explain = (issue: Issue, base: SpecPath, written: Written, findings: Findings): void => {
  const path = pathOf(issue, base)
  const value = valueAt(written.data, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      explainUnrecognised(issue, path, written, findings)
      break
    case 'invalid_union':
      explainUnion(issue, path, written, findings)
      break
    case 'invalid_value':
      explainChoice(path, issue.values, written, findings)
      break
    case 'invalid_type':
      explainType(issue, path, written, findings)
      break
    case 'invalid_key':
      for (const { message } of issue.issues) {
        const text = `the key ${quoted(last(path), path, written)} ${message}`
        report(findings, 'spec-value', atKey(path), text, null)
      }
      explainAll(valueIssuesAt(path, value), path, written, findings)
      break
    case 'too_small':
    case 'too_big': {
      const message = sizeMessage(issue, value, path, written)
      report(findings, 'spec-value', atValue(path), message, sizeRemedy(issue, value, path))
      break
    }
    default: {
      const message = `${quoted(value, path, written)} ${issue.message}`
      const remedy = isSecretPath(path) ? null : formRemedy(path, value)
      report(findings, 'spec-value', atValue(path), message, remedy)
    }
  }
}

const explainAll = (
  issues: readonly Issue[],
  base: SpecPath,
  written: Written,
  findings: Findings,
): void => {
  for (const issue of withoutRepeats(issues)) explain(issue, base, written, findings)
}

/** Reports what zod found: each issue at its key or value, with a remedy. */
export const reportProblems = (
  error: z.core.$ZodError,
  data: unknown,
  findings: Findings,
): void => {
  explainAll(error.issues, [], { data, secrets: secretValues(data) }, findings)
}
