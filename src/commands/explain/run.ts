import { join } from 'node:path'
import { allCodes, areaOf, type CodeArea, codeAreas } from '../../core/catalogue.ts'
import { didYouMean } from '../../core/diagnostics/suggest.ts'
import { UsageError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import { formatJson } from '../../report/json.ts'
import { documentation } from '../../version.ts'
import type { Outcome, Run } from '../define.ts'
import type { explainOptions } from '../explain.ts'

/** The section of a code in its page, without its heading. */
const sectionOf = (page: string, code: string): string => {
  const heading = `### ${code}\n`
  const start = page.indexOf(heading) + heading.length
  const end = page.indexOf('\n### ', start)
  return page.slice(start, end === -1 ? undefined : end).trim()
}

const entryOf = (area: CodeArea, code: string) => ({
  code,
  area: area.title,
  ...area.codes[code],
  page: `${documentation}/rules/${area.page}#${code}`,
})

const lines = codeAreas.flatMap(({ title, codes }) => [
  `${title}:`,
  ...Object.entries(codes).map(
    ([code, { severity, summary }]) => `  ${code} (${severity}): ${summary}`,
  ),
])

export const runExplain: Run<typeof explainOptions> = async (
  { format },
  { files, packageFolder },
  { operands },
): Promise<Outcome> => {
  const { done: exitCode } = exitCodes
  const answer = (entries: readonly object[], text: string): Outcome => ({
    exitCode,
    stdout: format === 'json' ? formatJson('explain', exitCode, { codes: entries }) : `${text}\n`,
    stderr: '',
  })
  const [code] = operands
  if (code === undefined) {
    const entries = codeAreas.flatMap((area) =>
      Object.keys(area.codes).map((one) => entryOf(area, one)),
    )
    return answer(entries, lines.join('\n'))
  }
  const area = areaOf(code)
  if (area === null)
    throw new UsageError(`"${code}" is not the code of a diagnostic`, {
      help: didYouMean(code, allCodes),
    })
  const path = join(packageFolder, 'docs', 'rules', area.page)
  const page = new TextDecoder().decode(await files.read(path))
  return answer([entryOf(area, code)], `${code}\n\n${sectionOf(page, code)}`)
}
