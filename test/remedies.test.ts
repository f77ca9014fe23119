import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { allCodes } from '../src/core/catalogue.ts'
import type { LocatedDiagnostic } from '../src/core/diagnostics/located.ts'
import { specCodes } from '../src/core/spec/codes.ts'
import { compileFolder } from './support/cases.ts'
import { insertedWords, remediesOf, type Trial, writtenIn } from './support/remedy.ts'

const root = fileURLToPath(new URL('../fixtures/rules/', import.meta.url))
const codes = allCodes

const readText = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8')

/** The files of a trial as they are after it, by name. */
const filesAfter = (folder: string, { edits }: Trial): ReadonlyMap<string, string> => {
  if (edits.length === 0) return new Map([['bad.yaml', readText(folder, 'good.yaml')]])
  const files = new Map<string, string>()
  for (const { from, to, file } of edits) {
    const text = files.get(file) ?? readText(folder, file)
    expect(text, `remedies.yaml replaces "${from}", which is not in ${file}`).toContain(from)
    files.set(
      file,
      text.replace(from, () => to),
    )
  }
  return files
}

const countOf = (all: readonly LocatedDiagnostic[], code: string): number =>
  all.filter((diagnostic) => diagnostic.code === code).length

/** A spec that could not be read was not looked at by the rules: their warnings are not the remedy's. */
const isOfReading = (code: string): boolean => Object.hasOwn(specCodes, code)

/** Errors and warnings that the trial brought. */
const newOnes = (
  code: string,
  bad: readonly LocatedDiagnostic[],
  after: readonly LocatedDiagnostic[],
  { also }: Trial,
): readonly string[] =>
  after
    .filter(
      ({ severity }) => severity === 'error' || (severity === 'warning' && !isOfReading(code)),
    )
    .filter((found) => countOf(after, found.code) > countOf(bad, found.code))
    .filter((found) => also[found.code] === undefined)
    .map((found) => `${found.code}: ${found.message}`)

const how = (code: string): string =>
  `See fixtures/rules/${code}/remedies.yaml (its form is in test/support/remedy.ts), or let good.yaml be bad.yaml with the remedy applied.`

describe('the remedy of each code removes the diagnostic from its bad.yaml', () => {
  test.each(codes.filter((code) => existsSync(join(root, code, 'bad.yaml'))))('%s', (code) => {
    const folder = join(root, code)
    const bad = compileFolder(folder, 'bad.yaml').diagnostics
    const help = bad.flatMap((one) => (one.code === code && one.help !== null ? [one.help] : []))
    if (help.length === 0) return
    const said = help.join('\n')
    const remedies = remediesOf(folder)
    if ('outside' in remedies) {
      expect(
        writtenIn(said),
        `The help of ${code} is an edit of the spec: try it. ${how(code)}`,
      ).toEqual([])
      return
    }
    const texts: string[] = []
    for (const trial of remedies.trials) {
      const files = filesAfter(folder, trial)
      const bytes = new Map(
        [...files].map(([name, text]) => [name, new TextEncoder().encode(text)]),
      )
      const after = compileFolder(folder, 'bad.yaml', bytes).diagnostics
      const what = `of ${code} (help: ${said})`
      expect(
        countOf(after, code),
        `The remedy ${what} was applied, and the diagnostic is still there. ${how(code)}`,
      ).toBe(0)
      expect(
        newOnes(code, bad, after, trial),
        `The remedy ${what} brought other diagnostics. Mend the remedy, or name them under "also" with the reason. ${how(code)}`,
      ).toEqual([])
      const unsaid = [...files].flatMap(([name, text]) =>
        insertedWords(readText(folder, name), text).filter(
          (word) =>
            !said.includes(word) && !trial.own.includes(word) && !existsSync(join(folder, word)),
        ),
      )
      expect(
        unsaid,
        `The edit ${what} has words that the help does not say. Name values that are the reader's choice under "own". ${how(code)}`,
      ).toEqual([])
      texts.push(...files.values())
    }
    const untried = writtenIn(said).filter((part) => !texts.some((text) => text.includes(part)))
    expect(
      untried,
      `The help of ${code} proposes what no trial has written: "${said}". Add a trial. ${how(code)}`,
    ).toEqual([])
  })
})

test('one mistake is one diagnostic: no code is reported twice at one place', () => {
  const twice = codes
    .filter((code) => existsSync(join(root, code, 'bad.yaml')))
    .flatMap((code) => {
      const all = compileFolder(join(root, code), 'bad.yaml').diagnostics
      const places = all
        // A file that several servers are made from has one place for what is said of each.
        .filter(({ location }) => location.file === 'bad.yaml')
        .map((found) => `${code}: ${found.code} at ${found.location.line}:${found.location.column}`)
      return places.filter((place, index) => places.indexOf(place) !== index)
    })
  expect(twice, 'Two rules speak of one mistake: let one of them leave it to the other.').toEqual(
    [],
  )
})
