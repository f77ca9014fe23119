import { stripVTControlCharacters } from 'node:util'

/** Narrower terminals get long lines, which they break themselves. */
const fewestColumns = 40

const lengthOf = (text: string): number => Array.from(stripVTControlCharacters(text)).length

/** Where the text of a line begins: below the indent, or below the column after a label. */
const indentOf = (line: string, columns: number): string => {
  const [start = ''] = /^ *(?:\S+ {2,})?/.exec(stripVTControlCharacters(line)) ?? []
  return ' '.repeat(start.length > columns / 2 || start === '' ? 2 : start.length)
}

/** A command is copied: it stays in one line. */
const isCommand = (line: string): boolean => /^ *\$ /.test(stripVTControlCharacters(line))

/**
 * Breaks a line between words where it is longer than the terminal.
 * @param columns of the terminal; null: the output is no terminal, and lines are not broken.
 */
export const wrapped = (line: string, columns: number | null): readonly string[] => {
  if (columns === null || columns < fewestColumns || lengthOf(line) <= columns || isCommand(line))
    return [line]
  const indent = indentOf(line, columns)
  const lines: string[] = []
  let current = ''
  for (const word of line.split(/(?<=\S) (?=\S)/)) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current === '' || lengthOf(longer) <= columns) current = longer
    else {
      lines.push(current)
      current = `${indent}${word}`
    }
  }
  return [...lines, current]
}
