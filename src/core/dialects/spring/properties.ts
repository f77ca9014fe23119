/** What may stand in a properties file as it is; the rest is written as an escape of Java. */
const plain = /[\x20-\x7e]/

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

const escaped = (character: string): string => {
  if (character === '\\') return '\\\\'
  if (plain.test(character)) return character
  return Array.from({ length: character.length }, (_, at) => unit(character.charCodeAt(at))).join(
    '',
  )
}

/** A value that java.util.Properties reads back as exactly this text, whatever the encoding. */
export const propertyValue = (value: string | number): string => {
  const text = Array.from(String(value), escaped).join('')
  return text.startsWith(' ') ? `\\${text}` : text
}
