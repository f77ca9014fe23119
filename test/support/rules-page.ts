import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CodeArea, codeAreas } from '../../src/core/catalogue.ts'
import type { CodeMeaning } from '../../src/core/diagnostics/diagnostic.ts'
import type { GivenFile } from '../../src/core/linting/files/given-file.ts'
import { formatDiagnostics } from '../../src/report/diagnostics.ts'
import { styleFor } from '../../src/report/style.ts'
import { compileFolder } from './cases.ts'
import { fixtureNames, lintFixture } from './lint-fixture.ts'

const folder = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url))

const fenced = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.endsWith('\n') ? text : `${text}\n`}\`\`\`\n`

/** The example in a file that sessctl did not write. */
const fileExample = (code: string, name: string): string => {
  const { diagnostics, files } = lintFixture(join(folder, code), `bad.${name}`)
  const output = formatDiagnostics(diagnostics.slice(0, 1), styleFor(false), 'all')
    .replace(/^\d+ \w+\n$/m, '')
    .replace(/^ +. see: .*\n/m, '')
  const shown = (all: readonly GivenFile[]): string =>
    all
      .map(({ bytes, kind }) =>
        fenced(kind === 'tomcat' ? 'xml' : kind, new TextDecoder().decode(bytes)),
      )
      .join('\n')
  const good = lintFixture(join(folder, code), `good.${name}`).files
  return `\n${shown(files)}\n${fenced('text', output)}\nInstead:\n\n${shown(good)}`
}

const example = (code: string): string => {
  const bad = join(folder, code, 'bad.yaml')
  const ofFiles = fixtureNames(join(folder, code)).map((name) => fileExample(code, name))
  if (!existsSync(bad)) return ofFiles.join('')
  const said = compileFolder(join(folder, code), 'bad.yaml').diagnostics.filter(
    (diagnostic) => diagnostic.code === code,
  )
  const output = formatDiagnostics(said.slice(0, 1), styleFor(false), 'all')
    .replace(/^\d+ \w+\n$/m, '')
    .replace(/^ +. see: .*\n/m, '')
  const text = new TextDecoder('utf-8').decode(readFileSync(bad))
  const good = new TextDecoder('utf-8').decode(readFileSync(join(folder, code, 'good.yaml')))
  return `\n${fenced('yaml', text)}\n${fenced('text', output)}\nInstead:\n\n${fenced('yaml', good)}${ofFiles.join('')}`
}

const section = (code: string, { severity, summary, why }: CodeMeaning): string =>
  `### ${code}\n\n**${severity}** · ${summary}. ${why}\n${example(code)}`

/** One page of docs/rules/: the codes of an area, each with its example. */
export const rulesPage = ({ title, codes }: CodeArea): string =>
  `# Rules: ${title}\n\n[All rules](README.md)\n\n${Object.entries(codes)
    .map(([code, meaning]) => section(code, meaning))
    .join('\n')}`

const row = (page: string, code: string, { severity, summary }: CodeMeaning): string =>
  `| [${code}](${page}#${code}) | ${severity} | ${summary.replaceAll('|', '\\|')} |\n`

/** docs/rules/README.md: all codes, in a line each. */
export const rulesIndex = (): string =>
  `# Rules

Everything that sessctl reports about a spec, and \`sessctl lint\` about existing files, by code. An **error** stops \`generate\` (exit code 2). A
**warning** is a risk for sessions, availability or security. An **info** is a choice that sessctl made; it is
printed with \`-v\`. \`sessctl explain CODE\` prints an entry.

These pages are made from the rules and their fixtures: \`npm run docs\`.
${codeAreas
  .map(
    ({ title, page, codes }) =>
      `\n## [${title}](${page})\n\n| code | severity | what |\n|---|---|---|\n${Object.entries(
        codes,
      )
        .map(([code, meaning]) => row(page, code, meaning))
        .join('')}`,
  )
  .join('')}`
