import { configureFailures, stopped } from './configure.ts'
import { compileError, makeFailures } from './make.ts'

/** Text for one cell of a Markdown table. */
const cell = (text: string): string =>
  text
    .split('\n')
    .map((line) => `\`${line.trim().replaceAll('|', '\\|').replaceAll('`', "'")}\``)
    .join('<br>')

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** The page for people: every build of these tables that fails, with what sessctl reports. */
export const failuresPage = (): string => {
  const ofConfigure = configureFailures.map(([title, failure]) => {
    const { message, help } = stopped(failure)
    return row(title, cell(message), help ?? '')
  })
  const ofMake = makeFailures.map(([line]) => row(cell(line), compileError(line)?.help ?? ''))
  return [
    '# Builds of nginx that fail',
    '',
    'What `sessctl build-nginx` reports when `configure` or `make` fails. `configure` prints only its last sentence; sessctl adds the check that it stopped at and what the compiler wrote there.',
    '',
    '## configure',
    '',
    row('cause', 'message', 'remedy'),
    '|---|---|---|',
    ...ofConfigure,
    '',
    '## make',
    '',
    row('first error', 'remedy'),
    '|---|---|',
    ...ofMake,
    '',
  ].join('\n')
}
