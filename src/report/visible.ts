/** The visible notation of a character that affects a terminal: `^M`, `^[`, `<U+202E>`. */
const written = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Control characters, and characters that change the direction or end of a line; a tab is a blank. */
const control = String.raw`[^\P{Cc}\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]`

/** Commands that a CI system reads anywhere in a line: GitHub and Azure, and TeamCity. */
const ciCommand = String.raw`#(?=\[|vso\[|teamcity\[)`
const unsafe = new RegExp(`${control}|(?<=#)${ciCommand}`, 'gu')

/** A line that terminals and CI systems treat as text only. */
export const visible = (line: string): string => line.replace(unsafe, written)

/** As `visible`, with the length of the line unchanged: columns stay the same. */
export const visibleInPlace = (line: string): string =>
  line.replace(unsafe, (character) => '·'.repeat(character.length))

/** Several lines, each made visible. */
export const visibleLines = (text: string): string => text.split(/\r?\n/).map(visible).join('\n')

/** The sequences of src/report/style.ts. */
const styles = String.raw`\u001b\[(?:1|2|22|31|32|33|36|39)m`
/** The sequence of src/report/live-line.ts. */
const wipe = String.raw`\r\u001b\[2K`

interface Allowed {
  readonly hasColour: boolean
  /** A line may be overwritten. */
  readonly isLive: boolean
}

const gateFor = ({ hasColour, isLive }: Allowed): RegExp => {
  const own = [...(hasColour ? [styles] : []), ...(isLive ? [wipe] : [])]
  const kept = own.length === 0 ? '' : `(${own.join('|')})|`
  return new RegExp(String.raw`${kept}(?!\n)(?:${control})|(?<=#)${ciCommand}`, 'gu')
}

/** `::error file=…::`, which GitHub reads as a command at the start of a line; `::1` is an address. */
const workflowCommand = /^([^\S\n]*):(?=:[A-Za-z][^\n]*::)/gmu

/**
 * The last filter before standard output and standard error: where a report did not make its text visible,
 * only line ends and the sequences of sessctl pass.
 */
export const terminalSafe = (text: string, allowed: Allowed): string =>
  text
    .replace(gateFor(allowed), (all: string, own?: unknown) =>
      typeof own === 'string' ? own : written(all),
    )
    .replace(workflowCommand, `$1${written(':')}`)
