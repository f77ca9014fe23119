import type { Findings } from '../diagnostics/findings.ts'
import { type Snippet, snippetName } from '../model/snippet.ts'
import { report } from './codes.ts'
import { allStatements, type SnippetLanguage, type Statement } from './language.ts'
import { type Region, regionsOf } from './marked.ts'
import { lineName, placeOf } from './places.ts'

/** The statements of a snippet and of the generated block around it. */
interface Placed {
  readonly region: Region
  readonly own: readonly Statement[]
  readonly added: readonly Statement[]
}

/** The region of each line that is in one. */
type RegionByLine = ReadonlyMap<number, Region>

const byLine = (regions: readonly Region[]): RegionByLine => {
  const found = new Map<number, Region>()
  for (const region of regions)
    for (let line = region.start + 1; line < region.end; line++) found.set(line, region)
  return found
}

const placedIn = (statements: readonly Statement[], regions: RegionByLine): readonly Placed[] => {
  const own: Statement[] = []
  const added = new Map<Region, Statement[]>()
  for (const statement of statements) {
    const region = regions.get(statement.line)
    if (region === undefined) own.push(statement)
    else added.set(region, [...(added.get(region) ?? []), statement])
  }
  return [
    ...[...added].map(([region, those]) => ({ region, own, added: those })),
    ...own.flatMap(({ children }) => placedIn(children, regions)),
  ]
}

/** The blocks of sessctl below, each as it begins, that have a statement of this name. */
const replacedIn = (statement: Statement, own: readonly Statement[]): readonly string[] => [
  ...new Set(
    allStatements(own).flatMap(({ statement: { name }, within }) => {
      const block = within.at(-1)
      return name === statement.name && block !== undefined
        ? [[block.name, ...block.args].join(' ')]
        : []
    }),
  ),
]

const quotedNames = (names: readonly string[]): string =>
  names.map((name) => `"${name}"`).join(' or ')

/**
 * Compares the snippets of a generated file with the blocks that they are in: reports what sessctl sets
 * there too, and what has a field.
 */
export const reviewSnippets = (
  text: string,
  snippets: readonly Snippet[],
  language: SnippetLanguage,
  findings: Findings,
): void => {
  const regions = byLine(regionsOf(text))
  if (regions.size === 0) return
  const { statements } = language.read(text)
  const known = new Map(snippets.map((snippet) => [snippetName(snippet), snippet]))
  const outside = allStatements(statements).filter(({ statement }) => !regions.has(statement.line))
  const variables = new Set(outside.flatMap(({ statement }) => language.variablesOf(statement)))
  for (const { region, own, added } of placedIn(statements, regions)) {
    const snippet = known.get(region.name)
    if (snippet === undefined) continue
    const keys = new Set(own.map(language.keyOf))
    const judge = (statement: Statement, isOfBlock: boolean): void => {
      const line = statement.line - region.start
      const field = language.fieldOf(statement, snippet.level)
      const instead =
        field === null
          ? 'remove it'
          : `remove it, and use the field ${quotedNames(field.split('|'))}`
      const at = placeOf(snippet, line)
      const start = `${lineName(snippet, line)}"${statement.name}"`
      const variable = language.variablesOf(statement).find((name) => variables.has(name))
      if (variable !== undefined) {
        report(
          findings,
          'snippet-conflict',
          at,
          `${start} sets "${variable}", which sessctl sets and reads`,
          'use another name',
        )
      } else if (isOfBlock && keys.has(language.keyOf(statement))) {
        report(
          findings,
          'snippet-conflict',
          at,
          `${start} is set by sessctl in this block`,
          instead,
        )
      } else if (isOfBlock && field !== null) {
        const use = `use ${quotedNames(field.split('|'))} instead of the snippet`
        report(findings, 'snippet-field', at, `${start} has a field in the spec`, use)
      }
    }
    const noteReplaced = (statement: Statement): void => {
      const [block, ...others] = replacedIn(statement, own)
      if (block === undefined) return
      const line = statement.line - region.start
      const more = others.length === 0 ? '' : ` and ${others.length} more`
      const field = language.fieldOf(statement, snippet.level)
      report(
        findings,
        'snippet-not-inherited',
        placeOf(snippet, line),
        `${lineName(snippet, line)}"${statement.name}" has no effect in "${block}"${more}, which has its own`,
        field === null
          ? 'write the line in the snippets of these locations, too'
          : `use the field ${quotedNames(field.split('|'))} instead of the snippet`,
      )
    }
    for (const statement of added) {
      judge(statement, true)
      if (language.isReplacedBelow(statement)) noteReplaced(statement)
      for (const below of allStatements(statement.children)) judge(below.statement, false)
    }
  }
}
