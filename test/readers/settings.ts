import { parseDocument } from 'yaml'
import { ReaderError } from './reader-error.ts'

/** The words of one line or value. */
export type Words = readonly string[]

const linesOf = (text: string): readonly string[] =>
  text.split('\n').filter((line) => line.trim() !== '')

/** What a value is between double quotes, with `\"` and `\\`. */
const unquoted = (text: string): string => {
  const [, inner] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(text) ?? []
  if (inner === undefined) throw new ReaderError(`no value: ${text}`, 1)
  return inner.replace(/\\(.)/g, '$1')
}

/** php.ini: a setting a line, its value a number or between double quotes; comments begin with `;`. */
export const readIni = (text: string): readonly Words[] =>
  linesOf(text)
    .filter((line) => !line.startsWith(';'))
    .map((line) => {
      const [, key, value] = /^([a-z_.]+) = (.+)$/.exec(line) ?? []
      if (key === undefined || value === undefined) throw new ReaderError(`no setting: ${line}`, 1)
      return [key, /^-?\d+$/.test(value) ? value : unquoted(value)]
    })

/** java.util.Properties, a property a line; comments begin with `#`. */
export const readProperties = (text: string): readonly Words[] =>
  linesOf(text)
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const [, key, value] = /^([\w.-]+)=((?:[^\\]|\\u[0-9a-f]{4}|\\[\\ ])*)$/.exec(line) ?? []
      if (key === undefined || value === undefined) throw new ReaderError(`no property: ${line}`, 1)
      const read = value.replace(/\\(?:u([0-9a-f]{4})|(.))/g, (_, code, other) =>
        code === undefined ? String(other) : String.fromCharCode(Number.parseInt(code, 16)),
      )
      return [key, read]
    })

/** YAML: paths and what stands there; tags of Java are left out. */
export const readYaml = (text: string): readonly Words[] => {
  const document = parseDocument(text, { logLevel: 'silent' })
  const [error] = document.errors
  if (error) throw new ReaderError(error.message, 1)
  const words: string[][] = []
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
    else words.push([...path, String(value)])
  }
  walk(document.toJS(), [])
  return words
}

/** Python: the lines with their string literals read; comments begin with `#`. */
export const readPython = (text: string): readonly Words[] =>
  linesOf(text)
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const literals: string[] = []
      const rest = line.replace(
        /"((?:[^"\\]|\\["\\]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})*)"/g,
        (_, inner) => {
          const read = String(inner).replace(
            /\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g,
            (__, short, long, other) =>
              other === undefined
                ? String.fromCodePoint(Number.parseInt(short ?? long, 16))
                : other,
          )
          literals.push(read)
          return '_'
        },
      )
      if (/["'\\]/.test(rest)) throw new ReaderError(`a literal does not end: ${line}`, 1)
      return [rest, ...literals]
    })

/** A POSIX shell: the words of each line, single and double quotes taken away. */
export const readShell = (text: string): readonly Words[] =>
  linesOf(text)
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const parts = line.match(/'[^']*'|"[^"]*"|\\.|[^\s'"\\]+|\s+/g) ?? []
      if (parts.join('') !== line) throw new ReaderError(`a quote does not end: ${line}`, 1)
      const words = ['']
      for (const part of parts) {
        const bare = part.replace(/^'([^']*)'$|^"([^"]*)"$|^\\(.)$/, '$1$2$3')
        if (/^\s/.test(part)) words.push('')
        else words.push(`${words.pop() ?? ''}${bare}`)
      }
      return words
    })

/** SQL of our own: words and signs. */
export const readSql = (text: string): readonly Words[] =>
  linesOf(text).map((line) => line.trim().split(/\s+/))
