import { join } from 'node:path'
import type { Context } from '../../context.ts'
import { areaOf, type CodeArea, codeAreas } from '../../core/catalogue.ts'
import { documentation } from '../../version.ts'

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

type Entry = ReturnType<typeof entryOf>

/** Codes as data and as text. */
interface ExplainedCodes {
  readonly codes: readonly Entry[]
  readonly text: string
}

export const explainedCodes: ExplainedCodes = {
  codes: codeAreas.flatMap((area) => Object.keys(area.codes).map((code) => entryOf(area, code))),
  text: codeAreas
    .flatMap(({ title, codes }) => [
      `${title}:`,
      ...Object.entries(codes).map(
        ([code, { severity, summary }]) => `  ${code} (${severity}): ${summary}`,
      ),
    ])
    .join('\n'),
}

/** null: it is not a code. */
export const explainedCode = async (
  code: string,
  { files, packageFolder }: Context,
): Promise<ExplainedCodes | null> => {
  const area = areaOf(code)
  if (area === null) return null
  const path = join(packageFolder, 'docs', 'rules', area.page)
  const page = new TextDecoder().decode(await files.read(path))
  return { codes: [entryOf(area, code)], text: `${code}\n\n${sectionOf(page, code)}` }
}
