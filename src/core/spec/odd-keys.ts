import { atKey, type Diagnostic, reporterFor, type SpecPath } from '../diagnostics/diagnostic.ts'
import { isSecretPath } from '../secrets/keys.ts'
import { specCodes } from './codes.ts'
import { quotedKey } from './syntax/words.ts'

const report = reporterFor(specCodes)

/** `{ method:sticky }` is a key without a value, and `{ // remark` part of a key: valid YAML that nobody means. */
const oddKey = (path: SpecPath, key: string, value: unknown): Diagnostic | null => {
  if (isSecretPath(path)) return null
  if (key.startsWith('//'))
    return report(
      'spec-syntax',
      atKey([...path, key]),
      '"//" begins no remark in YAML',
      'begin the remark with "#", at the end of a line or on a line of its own',
    )
  const [word = '', rest] = key.split(':')
  const isMeant = rest !== undefined && (/^[[{"']/.test(rest) || (value === null && rest !== ''))
  if (!isMeant || !/^[A-Za-z][\w.-]*$/.test(word)) return null
  const name = quotedKey(word)
  return report(
    'spec-syntax',
    atKey([...path, key]),
    name ? `there is no space after the colon of ${name}` : 'there is no space after this colon',
    'write a space after the colon',
  )
}

/** Keys that were meant as something else, in all of the data: their values would be missed elsewhere. */
export const oddKeys = (data: unknown, path: SpecPath = []): readonly Diagnostic[] => {
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([key, value]) => {
    const here = Array.isArray(data) ? null : oddKey(path, key, value)
    return here ? [here] : oddKeys(value, [...path, Array.isArray(data) ? Number(key) : key])
  })
}
