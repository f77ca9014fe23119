/** How a person writes a character that does something to a terminal: `^M`, `^[`, `<U+202E>`. */
const written = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Control characters, and those that change the direction or the end of a line; a tab is only a blank. */
const unsafe = /[^\P{Cc}\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A line that no terminal takes for anything but text. */
export const visible = (line: string): string => line.replace(unsafe, written)

/** As `visible`, and as long as the line: what stands at a column still stands there. */
export const visibleInPlace = (line: string): string =>
  line.replace(unsafe, (character) => '·'.repeat(character.length))
