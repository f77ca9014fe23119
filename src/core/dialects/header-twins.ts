import { regexText } from './regex-text.ts'

const separators = ['-', '_', '.']

/** The separators but one, as a character class in which `-` is first. */
const othersThan = (own: string): string =>
  `[${separators.filter((separator) => separator !== own).join('')}]`

/**
 * CGI, FastCGI, WSGI and PHP know headers as variables, where `-`, `_` and `.` are one character: what
 * a client sends as X_Forwarded_For is X-Forwarded-For there.
 * @returns an expression for the names that such an application takes for this one, without the name
 * itself, to be compared regardless of case; null: there are none.
 */
export const headerTwins = (name: string): string | null => {
  const parts = name.split(/([-_.])/)
  const places = parts.flatMap((_, index) => (index % 2 === 1 ? [index] : []))
  const twins = places.map((place) =>
    parts
      .map((part, index) => {
        if (index % 2 === 0) return regexText(part)
        return index === place ? othersThan(part) : '[-_.]'
      })
      .join(''),
  )
  return twins.length === 0 ? null : `(${twins.join('|').toLowerCase()})`
}
