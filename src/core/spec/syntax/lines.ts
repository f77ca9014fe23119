import { quotedKey } from '../known-keys.ts'
import type { Mistake } from './mistake.ts'

interface Line {
  readonly start: number
  readonly indent: number
  /** Without indentation, list dashes and a comment at the end. */
  readonly content: string
  readonly contentAt: number
  readonly isItem: boolean
  /** What follows the colon; null: the line has no key. */
  readonly value: string | null
  readonly valueAt: number
}

const withoutRemark = (content: string): string => {
  const remark = content.search(/(?:^|\s)#/)
  return (remark === -1 ? content : content.slice(0, remark)).trimEnd()
}

const key = /^(?:"[^"]*"|'[^']*'|[^\s[\]{}#&*!|>'"%@`,](?:(?!: )[\s\S])*?)\s{0,4}:(?=\s|$)/

const lineAt = (text: string, start: number, end: number): Line => {
  const whole = text.slice(start, end).replace(/\r$/, '')
  const indent = /^[ \t]*/.exec(whole)?.[0].length ?? 0
  const dashes = /^(?:-(?:[ \t]+|$))*/.exec(whole.slice(indent))?.[0].length ?? 0
  const content = withoutRemark(whole.slice(indent + dashes))
  // A key is short, a line may be a megabyte.
  const keyEnd = key.exec(content.slice(0, 256))?.[0].length
  const rest = keyEnd === undefined ? null : content.slice(keyEnd)
  const value = rest === null ? null : rest.trimStart()
  const contentAt = start + indent + dashes
  return {
    start,
    indent,
    content,
    contentAt,
    isItem: dashes > 0,
    value,
    valueAt: contentAt + (keyEnd ?? 0) + (rest?.length ?? 0) - (value?.length ?? 0),
  }
}

const linesOf = (text: string, inner: ReadonlySet<number>): readonly Line[] => {
  const lines: Line[] = []
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    if (!inner.has(start) && !/^\s*(?:#|$)/.test(text.slice(start, end)))
      lines.push(lineAt(text, start, end))
    start = end + 1
  }
  return lines
}

const whole = ({ contentAt, content }: Line, message: string, help: string): Mistake => ({
  start: contentAt,
  end: contentAt + Math.max(1, content.length),
  message,
  help,
})

const spaces = (count: number): string => (count === 1 ? '1 space' : `${count} spaces`)

const tab = (line: Line, text: string): Mistake | null => {
  const lead = text.slice(line.start, line.start + line.indent)
  const at = lead.indexOf('\t')
  return at === -1
    ? null
    : {
        start: line.start + at,
        end: line.start + line.indent,
        message: 'this line is indented with a tab',
        help: 'indent with spaces: YAML does not allow tabs there',
      }
}

const marker = (line: Line, isFirst: boolean): Mistake | null => {
  if (line.indent > 0 || line.isItem) return null
  if (/^(?:---|\.\.\.)(?:\s|$)/.test(line.content) && !isFirst)
    return whole(
      line,
      'the spec contains several YAML documents',
      'write each document to its own file, and remove this line',
    )
  return line.content.startsWith('%')
    ? whole(line, 'this line is a YAML directive, which is not supported in a spec', 'remove it')
    : null
}

const badStart: Readonly<Record<string, string>> = {
  '@': 'a value cannot start with "@" or "`"',
  '`': 'a value cannot start with "@" or "`"',
  '%': 'a value cannot start with "%"',
}

/** What is wrong with a value on one line without brackets or quotes. */
const valueMistake = (value: string, at: number): Mistake | null => {
  const bad = badStart[value.charAt(0)]
  const end = at + Math.max(1, value.length)
  if (bad !== undefined) return { start: at, end, message: bad, help: 'put the value in quotes' }
  if (/^["'[{&!|>*]/.test(value)) return null
  const colon = value.search(/:(?:\s|$)/)
  return colon === -1
    ? null
    : {
        start: at + colon,
        end: at + colon + 1,
        message: 'the value contains ": ", which YAML reads as a second key',
        help: 'put the value in quotes, or write the second key on a line of its own',
      }
}

/** A line of a map that has no `key: `. */
const keyless = (line: Line): Mistake => {
  const word = /^[\w.-]+/.exec(line.content)?.[0] ?? ''
  const name = quotedKey(word)
  const behind = line.content.slice(word.length)
  if (word !== '' && /^:\S/.test(behind))
    return {
      start: line.contentAt + word.length,
      end: line.contentAt + word.length + 1,
      message: name ? `missing space after the colon of ${name}` : 'missing space after this colon',
      help: 'write a space after the colon',
    }
  return whole(
    line,
    name ? `missing colon after ${name}` : 'this line has no key',
    /^\s*=/.test(behind) ? 'write ": " instead of "="' : 'write KEY: VALUE',
  )
}

/** `key:{ … }`, `key:"…"`: what follows would be part of the key. */
const noSpace = (line: Line): Mistake | null =>
  /^[\w.-]+:[[{"']/.test(line.content) ? keyless(line) : null

const tooDeep = (line: Line, expected: number): Mistake =>
  whole(
    line,
    `this line is indented by ${spaces(line.indent)}, but the key above already has a value`,
    `indent it by ${spaces(expected)}, or remove the value above`,
  )

/** Reads lines in order, and knows the columns at which a key is allowed. */
class Levels {
  private readonly columns: number[] = []
  private previous: Line | null = null
  private pending: Line | null = null

  take(line: Line): Mistake | null {
    const column = line.contentAt - line.start
    const found = line.value === null ? this.plain(line, column) : this.keyed(line, column)
    this.previous = line
    return found
  }

  private plain(line: Line, column: number): Mistake | null {
    if (line.isItem || /^["'[{&!|>*?]/.test(line.content)) return this.item(line)
    const { previous } = this
    // The text of a value may continue on the next line.
    if (previous !== null && column > (this.columns.at(-1) ?? -1)) {
      if (previous.value === '' || previous.isItem) this.pending = line
      return null
    }
    if (previous === null) {
      this.pending = line
      return null
    }
    return keyless(line)
  }

  private item(line: Line): Mistake | null {
    if (!line.isItem) return null
    const { previous } = this
    while ((this.columns.at(-1) ?? -1) > line.indent) this.columns.pop()
    const isAside = previous?.isItem && previous.value === null && previous.indent !== line.indent
    return isAside && previous.indent > line.indent && !this.columns.includes(line.indent)
      ? whole(
          line,
          `this item is indented by ${spaces(line.indent)}, the one above it by ${spaces(previous.indent)}`,
          `indent it by ${spaces(previous.indent)}`,
        )
      : null
  }

  private keyed(line: Line, column: number): Mistake | null {
    if (this.pending !== null) return keyless(this.pending)
    const { previous, columns } = this
    const top = columns.at(-1) ?? -1
    if (column > top) {
      const hasValue = previous !== null && previous.value !== null && previous.value !== ''
      if (hasValue && !line.isItem && top !== -1 && !/^[&!]/.test(previous.value ?? ''))
        return tooDeep(line, top)
      columns.push(column)
    } else {
      while ((columns.at(-1) ?? -1) > column) columns.pop()
      if (columns.at(-1) !== column && !line.isItem) return this.aside(line, column)
      if (columns.at(-1) !== column) columns.push(column)
      if (!line.isItem && previous?.isItem === true && previous.indent === column)
        return whole(
          line,
          'this key has the same indentation as the list items above it',
          'indent it like the keys of the item, or remove the "-" above',
        )
    }
    return valueMistake(line.value ?? '', line.valueAt)
  }

  private aside(line: Line, column: number): Mistake {
    const above = this.columns.at(-1)
    if (above === undefined)
      return whole(
        line,
        `this line is indented by ${spaces(column)}, less than the first line of the spec`,
        'start both at the same column',
      )
    const below = this.previous?.indent ?? above
    return whole(
      line,
      `this line is indented by ${spaces(column)}, but no key above is`,
      `indent it by ${spaces(below)} like the line above, or by ${spaces(above)}`,
    )
  }
}

/** The first line whose indentation, key or value cannot be read. */
export const lineMistake = (text: string, inner: ReadonlySet<number>): Mistake | null => {
  const levels = new Levels()
  let isFirst = true
  for (const line of linesOf(text, inner)) {
    const mistake = tab(line, text) ?? marker(line, isFirst) ?? noSpace(line) ?? levels.take(line)
    if (mistake !== null) return mistake
    isFirst = false
  }
  return null
}
