import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { catalogue } from '../../src/core/catalogue.ts'
import type { CodeMeaning } from '../../src/core/diagnostics/diagnostic.ts'
import { formatDiagnostics } from '../../src/report/diagnostics.ts'
import { styleFor } from '../../src/report/style.ts'
import { compileFolder } from './cases.ts'

const folder = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url))

const intro = `# Rules

Everything sessctl can say about a spec, by its code. An **error** stops \`generate\` (exit code 2); a
**warning** works but loses something; an **info** tells how something was written when that is not
the obvious way. This page is made from the rules and their fixtures: \`npm run docs\`.
`

const fenced = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.endsWith('\n') ? text : `${text}\n`}\`\`\`\n`

const example = (code: string): string => {
  const bad = join(folder, code, 'bad.yaml')
  if (!existsSync(bad)) return ''
  const said = compileFolder(join(folder, code), 'bad.yaml').diagnostics.filter(
    (diagnostic) => diagnostic.code === code,
  )
  const output = formatDiagnostics(said.slice(0, 1), styleFor(false), 'all').replace(
    /^\d+ \w+\n$/m,
    '',
  )
  const text = new TextDecoder('utf-8').decode(readFileSync(bad))
  const good = new TextDecoder('utf-8').decode(readFileSync(join(folder, code, 'good.yaml')))
  return `\n${fenced('yaml', text)}\n${fenced('text', output)}\nInstead:\n\n${fenced('yaml', good)}`
}

const section = (code: string, { severity, summary, why }: CodeMeaning): string =>
  `### ${code}\n\n**${severity}** · ${summary}. ${why}\n${example(code)}`

/** docs/rules.md. */
export const rulesPage = (): string => {
  const areas = Object.entries(catalogue)
  const contents = areas.map(
    ([area, table]) =>
      `\n**${area}**: ${Object.keys(table)
        .map((code) => `[${code}](#${code})`)
        .join(', ')}\n`,
  )
  const sections = areas.map(
    ([area, table]) =>
      `\n## ${area}\n\n${Object.entries(table)
        .map(([code, meaning]) => section(code, meaning))
        .join('\n')}`,
  )
  return [intro, ...contents, ...sections].join('')
}
