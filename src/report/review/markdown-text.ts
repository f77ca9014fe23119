import { visible } from '../visible.ts'

/** Splits a text for the code hosts, which look for mentions and references in what is shown. */
const split = '<!-- -->'

const entity = (character: string): string => `&#${character.codePointAt(0) ?? 0};`

/** `@user`, `#12`, `!12`, `%1`, `GH-1`, `:emoji:`, and addresses that become links. */
const reference = String.raw`[@#!%](?=[\p{L}\p{N}_"-])|\bGH(?=-\d)|\bwww(?=\.)|:(?=\/\/)|:(?=[\w+-]+:)`

/** The start of a list, a heading, a quotation or a rule. */
const blockStart = String.raw`^[-+=#](?=.)|^\d+(?=[.)])`

/** Characters that begin a span, a link, markup or a table cell. */
const active = String.raw`[\\${'`'}*[\]<>&|~^$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])`

const special = new RegExp(`(?<reference>${reference})|${blockStart}|${active}`, 'giu')

/** Longer texts are cut: a name may have a thousand characters. */
const longest = 300

const cut = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`

/** A text as GitHub and GitLab show it, whatever it contains: in one line, without links and mentions. */
export const markdownText = (text: string): string =>
  cut(visible(text).replaceAll('\t', ' ')).replace(special, (found, ...more) => {
    const groups: unknown = more.at(-1)
    const isReference =
      typeof groups === 'object' &&
      groups !== null &&
      Reflect.get(groups, 'reference') !== undefined
    return isReference ? `${found}${split}` : `${entity(found)}${found.slice(1)}`
  })

const longestRun = (text: string): number =>
  Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length))

/** A text in fixed width; for places outside of tables. */
export const markdownCode = (text: string): string => {
  const shown = cut(visible(text).replaceAll('\t', ' '))
  if (shown === '') return ''
  const fence = '`'.repeat(longestRun(shown) + 1)
  const pad = /^`|`$|^ .* $/.test(shown) ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** Lines that no line of them can end. */
export const markdownBlock = (lines: readonly string[], language: string): string => {
  const text = lines.map(visible).join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}${language}\n${text}\n${fence}\n`
}

/** The name of a file in an HTML comment. */
const commentText = (text: string): string =>
  Array.from(visible(text), (character) =>
    /[\w./ @+-]/.test(character) ? character : encodeURIComponent(character),
  )
    .join('')
    .replace(/-(?=-|$)/g, '%2D')

/** Names a comment about a spec, the first or a later one: by it, the next run finds and replaces it. */
export const reviewMarker = (subject: string, part = 1): string =>
  `<!-- sessctl diff ${commentText(subject)}${part === 1 ? '' : `, part ${part}`} -->`
