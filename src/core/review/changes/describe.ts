import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import { secretsInText } from '../../secrets/in-text.ts'
import { isSecretPath } from '../../secrets/keys.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Change, Side } from '../review.ts'
import type { Pair } from '../side.ts'
import { codeOf } from './codes.ts'
import type { Difference } from './differences.ts'
import { type Owner, ownerOf } from './owner.ts'

const longest = 100

/** A value as the spec has it; null: an object, whose text would be long. */
const textOf = (value: unknown, path: SpecPath): string | null => {
  if (isSecretPath(path) || path.includes('snippets')) return null
  if (Array.isArray(value)) {
    const items = value.map((item) => textOf(item, path))
    return items.includes(null) ? null : `[${items.join(', ')}]`
  }
  if (typeof value === 'object' && value !== null) {
    const key = path.at(-1)
    return key === 'balance' && 'hash' in value
      ? `${'consistent' in value && value.consistent === true ? 'consistent ' : ''}hash of ${value.hash}`
      : null
  }
  return withoutSecrets(String(value), path)
}

/** The text with the secrets in it masked, and cut if it is long. */
const withoutSecrets = (text: string, path: SpecPath): string => {
  const lead = `${path.at(-1)}: `
  const masked = secretsInText(lead + text).reduceRight(
    (line, [start, end]) => `${line.slice(0, start)}(secret)${line.slice(end)}`,
    lead + text,
  )
  const shown = masked.slice(lead.length)
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown
}

const valueSentence = (difference: Difference, subject: string, path: SpecPath): string => {
  const [was, is] = [textOf(difference.was, path), textOf(difference.is, path)]
  switch (difference.kind) {
    case 'added':
      return is === null ? `${subject} added` : `${subject} set to ${is}`
    case 'removed':
      return was === null ? `${subject} removed` : `${subject} removed (was ${was})`
    default:
      return was === null || is === null
        ? `${subject} changed`
        : `${subject} changed from ${was} to ${is}`
  }
}

/** The path as it is on the side on which the difference is shown. */
const shownAt = ({ kind, places }: Difference): { readonly side: Side; readonly at: SpecPath } =>
  kind === 'removed' && places.before !== null
    ? { side: 'before', at: places.before }
    : places.after === null
      ? { side: 'before', at: places.before ?? [] }
      : { side: 'after', at: places.after }

const sentenceOf = (difference: Difference, { title, field }: Owner, at: SpecPath): string => {
  const { kind, is } = difference
  if (field.length > 0) {
    const subject = `${field.join('.')} of ${title}`
    return kind === 'reordered'
      ? `order of the ${subject} changed`
      : valueSentence(difference, subject, at)
  }
  return kind === 'renamed' ? `${title} renamed to ${String(is)}` : `${title} ${kind}`
}

/** A difference as a change of the review. */
export const changeOf = (difference: Difference, specs: Pair<Spec>): Change => {
  const { side, at } = shownAt(difference)
  const owner = ownerOf(at, specs[side])
  const { before } = difference.places
  // A renamed thing is known by its name before the change.
  const known =
    difference.kind === 'renamed' && before !== null ? ownerOf(before, specs.before) : owner
  return {
    code: codeOf(difference, owner),
    text: sentenceOf(difference, known, at),
    side,
    at,
    upstream: at[0] === 'upstreams' ? String(at[1]) : null,
  }
}
