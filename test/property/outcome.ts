import { type Compiled, compileText } from '../support/compile.ts'
import { difference, type Words } from './differences.ts'
import { type Field, token } from './fields.ts'
import { type SpecKind, usualTexts } from './texts.ts'
import { type Branch, treeOf } from './tree.ts'

/** What a dialect's properties need in addition to its reader. */
export interface Property {
  readonly kinds: readonly SpecKind[]
  readonly inputs: ReadonlyMap<string, Uint8Array>
  /** The artifacts that it is about. */
  readonly isOurs: (path: string) => boolean
  /** Undoes the dialect's own syntax within words, such as that of formats. */
  readonly decode: (words: readonly string[], field: Field) => readonly string[]
  /** What is left out: whether it is there follows from the length or the kind of the text. */
  readonly isAside: (branch: Branch, value: string) => boolean
  /** Whether the dialect has no such thing, so that every text is refused. */
  readonly isHopeless: (field: Field) => boolean
  /** Why an accepted text should have been refused, apart from the result of the reader; null: it is valid. */
  readonly forbids: (field: Field, value: string, words: readonly string[]) => string | null
}

export type Outcome =
  | { readonly kind: 'same' | 'refused' }
  | { readonly kind: 'broken'; readonly why: readonly string[] }

const broken = (...why: readonly string[]): Outcome => ({ kind: 'broken', why })

const compiled = (property: Property, kind: SpecKind, field: Field, value: string): Compiled => {
  const spec = kind.spec({ ...usualTexts, [field.name]: value })
  return compileText(JSON.stringify(spec, null, 1), property.inputs)
}

const errorsOf = ({ diagnostics }: Compiled) =>
  diagnostics.filter(({ severity }) => severity === 'error')

const compared = (
  property: Property,
  branches: readonly Branch[],
  value: string,
): readonly Branch[] =>
  branches
    .filter((branch) => !property.isAside(branch, value))
    .map(({ words, branches }) => ({ words, branches: compared(property, branches, value) }))

/** Each artifact a branch of its own, named by its path. */
const treesOf = (property: Property, { artifacts }: Compiled): readonly Branch[] =>
  artifacts
    .filter(({ path }) => property.isOurs(path))
    .map(({ path, bytes }) => ({ words: [path], branches: treeOf(path, bytes) }))

const known = new WeakMap<SpecKind, Map<string, readonly Branch[] | null>>()

/** Of the few harmless texts; null when one is refused. */
const harmlessTrees = (
  property: Property,
  kind: SpecKind,
  field: Field,
  value: string,
): readonly Branch[] | null => {
  const ofKind = known.get(kind) ?? new Map<string, readonly Branch[] | null>()
  known.set(kind, ofKind)
  const key = `${field.name} ${value}`
  const before = ofKind.get(key)
  if (before !== undefined) return before
  const result = compiled(property, kind, field, value)
  const trees = errorsOf(result).length > 0 ? null : treesOf(property, result)
  ofKind.set(key, trees)
  return trees
}

const allWords = (branches: readonly Branch[]): readonly (readonly string[])[] =>
  branches.flatMap(({ words, branches }) => [words, ...allWords(branches)])

/** A refusal names the line, and the field or what is around or within it. */
const pointsAt = (field: Field, compiled: Compiled): boolean =>
  errorsOf(compiled).some(({ location: { path, line } }) => {
    if (path === null || line === null) return false
    return path.startsWith(field.path) || field.path.startsWith(`${path}.`) || path === ''
  })

/** Draws nothing itself: what happens to one text in one field of one kind of spec. */
export const outcomeOf = (
  property: Property,
  kind: SpecKind,
  field: Field,
  text: string,
): Outcome => {
  const value = field.wrap(text)
  const actual = compiled(property, kind, field, value)
  const errors = errorsOf(actual)
  if (errors.length > 0) {
    if (actual.artifacts.length > 0) return broken('refused, and written all the same')
    if (!errors.every(({ location }) => location.line !== null)) return broken('error without line')
    return pointsAt(field, actual)
      ? { kind: 'refused' }
      : broken(`refused at ${errors.map(({ location }) => location.path)}`)
  }
  const harmless = harmlessTrees(property, kind, field, field.harmless(text))
  if (harmless === null) return broken('the harmless text is refused')
  const trees = treesOf(property, actual)
  const read: Words = (words) => property.decode(words, field).map(field.fold)
  const inner = field.inner(text)
  const expected: Words = (words) =>
    property.decode(words, field).map((word) => field.fold(word.replaceAll(token, () => inner)))
  const found = difference(
    compared(property, harmless, value),
    compared(property, trees, value),
    expected,
    read,
  )
  if (found !== null) return broken(...found)
  for (const words of allWords(trees)) {
    const why = property.forbids(field, value, words)
    if (why !== null) return broken(why, JSON.stringify(words))
  }
  return { kind: 'same' }
}
