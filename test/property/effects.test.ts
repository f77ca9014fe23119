import { expect, test } from 'vitest'
import type { Inputs } from '../../src/core/dialects/dialect.ts'
import { compileText, configOf } from '../support/compile.ts'
import { type Field, fieldsOf, withValue } from './effects/fields.ts'
import { type Example, examples } from './effects/specs.ts'

interface Outcome {
  /** All generated text; null: an error prevents and reports it. */
  readonly text: string | null
  /** Whether something is said of the field, or of the whole that it is a part of. */
  readonly isTold: boolean
  /** Whether it is said that the field itself has no effect. */
  readonly isDisowned: boolean
}

/** Settings of one thing: what is said of the thing is said of each. */
const wholes = ['check', 'nextUpstream', 'clientAddress', 'tls', 'tomcat']

/** An existing file that the value names, for the fields that edit one. */
const existingFile = (path: string, value: unknown): Inputs => {
  if (!/^targets\.\w+\.base$/.test(path) || typeof value !== 'string') return new Map()
  const bytes = Buffer.from(`# ${JSON.stringify(value)}\n`)
  return new Map([[value, configOf('n.conf', bytes)]])
}

const compiled = (data: unknown, path: string, inputs: Inputs = new Map()): Outcome => {
  const { artifacts, diagnostics } = compileText(JSON.stringify(data), inputs)
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error')
  const isTold = diagnostics.some(({ code, location }) => {
    const said = location.path ?? ''
    if (said === path || said.startsWith(`${path}.`)) return true
    const isWhole = wholes.some((name) => said.endsWith(`.${name}`)) || code.startsWith('field-')
    return isWhole && path.startsWith(`${said}.`)
  })
  const isDisowned = diagnostics.some(
    ({ code, location }) => code === 'field-without-effect' && location.path === path,
  )
  const text = artifacts.map(({ path, text }) => `${path}\n${text}`).join('\n')
  return { text: hasErrors ? null : text, isTold, isDisowned }
}

interface Variant extends Outcome {
  readonly value: unknown
}

const variantsOf = ({ spec }: Example, { path, values }: Field): readonly Variant[] =>
  values
    // Of a choice that is left to sessctl every outcome is the right one.
    .filter((value) => path.at(-1) !== 'via' || value !== 'auto')
    .map((value) => {
      const name = path.join('.')
      return { value, ...compiled(withValue(spec, path, value), name, existingFile(name, value)) }
    })

/** Values that lead to the same files as another one, and of which nothing is said. */
const silentValues = (variants: readonly Variant[]): readonly unknown[] => {
  const untold = variants.filter(({ text, isTold }) => text !== null && !isTold)
  // One of those that are alike is what is written.
  return untold.flatMap(({ text, value }, index) =>
    untold.slice(0, index).some((other) => other.text === text) ? [value] : [],
  )
}

/** Whatever the parts of the spec are called, and however many there are. */
const kindOf = (path: string): string =>
  path.replaceAll(/\.\d+/g, '.N').replace(/^(frontends|upstreams|stores)\.\w+/, '$1.NAME')

/** Whether values that are said to have no effect lead to different files. */
const areBelied = (variants: readonly Variant[]): boolean =>
  new Set(variants.flatMap(({ isDisowned, text }) => (isDisowned && text !== null ? [text] : [])))
    .size > 1

const isBelow = (path: string, { below }: Example): boolean =>
  below.some((start) => path.startsWith(start))

/** The parts in which two examples with the same files differ. */
const isWhatDiffers = (path: string): boolean =>
  /^targets\b|^upstreams\.tomcats\.affinity\b/.test(path)

const proven = new Map<string, boolean>()
const generated = new Set<string>()

/** What is wrong with the fields of an example. */
const faultsOf = (example: Example): readonly string[] => {
  const { text } = compiled(example.spec, '')
  if (text === null) return []
  // A way that is forced is often the one that is chosen anyway; a module often has no part in it.
  const isRepeated = generated.has(text)
  generated.add(text)
  return fieldsOf(example.spec).flatMap((field) => {
    const path = field.path.join('.')
    if (!isBelow(path, example) || (isRepeated && !isWhatDiffers(path))) return []
    const variants = variantsOf(example, field)
    const isProven = variants.filter(({ text }) => text !== null).length > 1
    proven.set(kindOf(path), isProven || proven.get(kindOf(path)) === true)
    const silent = silentValues(variants)
    return [
      ...(areBelied(variants) ? [`${path} is said to have no effect, and has one`] : []),
      ...(silent.length > 0 ? [`${path}: no effect of ${JSON.stringify(silent)}`] : []),
    ]
  })
}

const limit = { timeout: 600_000 }

for (const example of examples)
  test(`${example.name}: each field has an effect, or is reported as without effect`, limit, () => {
    expect(faultsOf(example)).toEqual([])
  })

// Needs the tests before it.
test('two values of each field can be generated', () => {
  expect([...proven].filter(([, isProven]) => !isProven)).toEqual([])
})
