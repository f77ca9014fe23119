import type { Encoding } from '../../../render/encoding.ts'
import { singleByteTable } from '../../../render/single-byte.ts'

const named: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** The Char production of XML 1.0: what no reference can bring into a document either. */
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/** Whether a string can stand in an XML document at all. */
export const isXmlText = (value: string): boolean => !forbidden.test(value)

/** Whether the encoding has the character. */
const characterTest = (encoding: Encoding): ((char: string) => boolean) => {
  const table = singleByteTable(encoding)
  if (table === null) return () => true
  const known = new Set(table)
  return (char) => known.has(char.codePointAt(0) ?? 0)
}

const reference = (char: string): string => `&#${char.codePointAt(0)};`

/**
 * An attribute's value as it stands between the given quotes: a parser hands exactly `value` on.
 * Characters that the encoding lacks, and the white space that parsers normalise, become numeric
 * references. Throws for what XML cannot hold; ask `isXmlText` first.
 */
export const escapeAttribute = (value: string, quote: '"' | "'", encoding: Encoding): string => {
  if (!isXmlText(value)) throw new RangeError('a control character cannot be written in XML')
  const isKnown = characterTest(encoding)
  const escapeOne = (char: string): string => {
    if (char === '&' || char === '<' || char === quote) return named[char] ?? char
    return isKnown(char) && !/[\t\n\r\u{85}\u{2028}]/u.test(char) ? char : reference(char)
  }
  return Array.from(value, escapeOne).join('')
}
