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

/** `°`: the module has changed since. */
const wholeText = (results, digest) =>
  results
    .map(
      ({ compiler, whole, module }) =>
        `${compiler} ${mark(whole, whole)}${module === digest ? '' : '°'}`,
    )
    .join(', ')

const builtText = (parts, module) => {
  if (parts === undefined) return ['', '', '']
  const { dynamic, dynamicWorks, unpatchedWorks } = parts
  const cells = [
    mark(parts.static, parts.staticWorks),
    mark(dynamic, dynamicWorks),
    mark(dynamic, unpatchedWorks),
  ]
  return parts.module === module ? cells : cells.map((cell) => (cell === '–' ? cell : `${cell}°`))
}

const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`

const columns = [
  'nginx',
  'patches, with the offsets of their hunks',
  'static',
  'dynamic',
  'dynamic, nginx without the hook',
  'whole: SSL, HTTP/2, threads, debug',
]

/**
 * The page with the table of these results in place of the one that it has; `module` is the digest
 * of the module as it is.
 */
export const releasesPage = (page, results, module) => {
  const of = (kind, version) =>
    results.filter((result) => result.kind === kind && result.version === version)
  const rows = results
    .filter(({ kind }) => kind === 'patches')
    .map(({ version, patches }) => [
      version,
      patches.map(patchText).join(', '),
      ...builtText(of('parts', version)[0], module),
      wholeText(of('whole', version), module),
    ])
  const table = [row(columns), row(columns.map(() => '---')), ...rows.map(row)]
  const [before, rest = ''] = page.split(begin)
  const [, after = ''] = rest.split(end)
  return `${before}${begin}\n${table.join('\n')}\n${end}${after}`
}
