/** How a person writes a character that does something to a terminal: `^M`, `^[`, `<U+202E>`. */
const written = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `^${String.fromCharCode(code ^ 0x40)}`
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** Control characters, and those that change the direction or the end of a line; a tab is only a blank. */
const control = String.raw`[^\P{Cc}\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]`

/** Commands that a CI system takes from anywhere in a line: of GitHub and Azure, and of TeamCity. */
const ciCommand = String.raw`#(?=\[|vso\[|teamcity\[)`
const unsafe = new RegExp(`${control}|(?<=#)${ciCommand}`, 'gu')

/** A line that no terminal and no CI system takes for anything but text. */
export const visible = (line: string): string => line.replace(unsafe, written)

/** As `visible`, and as long as the line: what stands at a column still stands there. */
export const visibleInPlace = (line: string): string =>
  line.replace(unsafe, (character) => '·'.repeat(character.length))

/** Several lines, each made visible. */
export const visibleLines = (text: string): string => text.split(/\r?\n/).map(visible).join('\n')

/** What src/report/style.ts writes, and nothing else that a terminal would do. */
const styles = String.raw`\u001b\[(?:1|2|22|31|32|33|36|39)m`
/** What src/report/live-line.ts writes. */
const wipe = String.raw`\r\u001b\[2K`

interface Allowed {
  readonly hasColour: boolean
  /** A line may be drawn over. */
  readonly isLive: boolean
}

const gateFor = ({ hasColour, isLive }: Allowed): RegExp => {
  const own = [...(hasColour ? [styles] : []), ...(isLive ? [wipe] : [])]
  const kept = own.length === 0 ? '' : `(${own.join('|')})|`
  return new RegExp(String.raw`${kept}(?!\n)(?:${control})|(?<=#)${ciCommand}`, 'gu')
}

/** `::error file=…::`, which GitHub takes for a command at the start of a line; `::1` is an address. */
const workflowCommand = /^([^\S\n]*):(?=:[A-Za-z][^\n]*::)/gmu

/**
 * The last gate before standard output and standard error: whatever a report forgot to make visible,
 * only line ends and sequences of our own pass.
 */
export const terminalSafe = (text: string, allowed: Allowed): string =>
  text
    .replace(gateFor(allowed), (all: string, own?: unknown) =>
      typeof own === 'string' ? own : written(all),
    )
    .replace(workflowCommand, `$1${written(':')}`)
