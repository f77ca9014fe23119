/** A word of a POSIX shell that is exactly this text. */
export const shellWord = (value: string | number): string => {
  const text = String(value)
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Words that a YAML reader may take for a boolean or null. */
const special = /^(?:true|false|yes|no|on|off|null|y|n)$/i

const escapedCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/**
 * A scalar of YAML that reads back as exactly this number or text: plain where it is a word, else
 * between double quotes and in ASCII.
 */
export const yamlScalar = (value: string | number): string => {
  if (typeof value === 'number') return String(value)
  if (/^[A-Za-z][A-Za-z0-9]*$/.test(value) && !special.test(value)) return value
  const quoted = value.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/gu, escapedCharacter)
  return `"${quoted}"`
}
