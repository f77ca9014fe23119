/** Version of every JSON document; increased when a reader of the old form would misread the new one. */
export const jsonFormatVersion = 1

/** JSON itself escapes the other control characters; these affect a terminal or the direction of its text. */
const unsafe = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu

/** Commands that a CI system reads anywhere in a line of its log. */
const ciCommand = /##(?=\[|vso\[|teamcity\[)/g

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('')

/** A document in a format of another program. */
export const formatForeignJson = (content: unknown): string => {
  const text = JSON.stringify(content, null, 2)
  return `${text.replace(unsafe, escaped).replace(ciCommand, '#\\u0023')}\n`
}

/** One document for a machine, on success and on failure. */
export const formatJson = (command: string, exitCode: number, content: object): string =>
  formatForeignJson({ formatVersion: jsonFormatVersion, command, exitCode, ...content })
