// docs/module-releases.md: what scripts/module-releases.mjs saw, between the page's two marks.
const begin = '<!-- seen -->'
const end = '<!-- /seen -->'

const mark = (compiles, works) => {
  if (compiles === undefined) return '–'
  if (compiles !== 'yes') return `no: ${compiles}`
  return works === 'yes' ? '✓' : `compiles, but: ${works}`
}

/** `server-parameter +477 +538`: where its hunks stand, in lines from where the patch says. */
const patchText = ({ id, applies, offsets }) => {
  const signed = offsets.map((lines) => (lines > 0 ? `+${lines}` : `${lines}`))
  return [id, ...(applies ? signed : ['**no**'])].join(' ')
}

const wholeText = (results) =>
  results.length === 0
    ? ''
    : results.map(({ compiler, whole }) => `${compiler} ${mark(whole, whole)}`).join(', ')

const cellsOf = (parts, wholes) => [
  parts.version,
  parts.patches.map(patchText).join(', '),
  mark(parts.static, parts.staticWorks),
  mark(parts.dynamic, parts.dynamicWorks),
  mark(parts.dynamic, parts.unpatchedWorks),
  wholeText(wholes),
]

const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const columns = [
  'nginx',
  'patches, with the offsets of their hunks',
  'static',
  'dynamic',
  'dynamic, nginx without the hook',
  'whole: SSL, HTTP/2, threads, debug',
]

/** The page with the table of these results in place of the one that it has. */
export const releasesPage = (page, results) => {
  const parts = results.filter(({ kind }) => kind === 'parts')
  const wholesOf = (version) =>
    results.filter((result) => result.kind === 'whole' && result.version === version)
  const table = [
    row(columns),
    row(columns.map(() => '---')),
    ...parts.map((result) => row(cellsOf(result, wholesOf(result.version)))),
  ]
  const [before, rest = ''] = page.split(begin)
  const [, after = ''] = rest.split(end)
  return `${before}${begin}\n${table.join('\n')}\n${end}${after}`
}
