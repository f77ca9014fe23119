import type { Command, Option } from './commands/define.ts'

const width = 80

/** Breaks a text at spaces; every line but the first starts with the indent. */
const wrapped = (text: string, indent: string): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join(`\n${indent}`)
}

/** Two columns, the second one wrapped. */
const table = (rows: readonly (readonly [term: string, meaning: string])[]): string => {
  const column = Math.max(...rows.map(([term]) => term.length)) + 4
  return rows
    .map(
      ([term, meaning]) => `${`  ${term}`.padEnd(column)}${wrapped(meaning, ' '.repeat(column))}`,
    )
    .join('\n')
}

const section = (title: string, body: string): string => `${title}:\n${body}\n`

const optionRow = (option: Option): readonly [string, string] => {
  const standard = 'standard' in option ? option.standard : null
  const notes = [
    ...('choices' in option ? [option.choices.join(', ')] : []),
    ...(standard === null ? [] : [`default: ${standard}`]),
  ]
  return [option.flags, `${option.description}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`]
}

/** A line to type, and below it what it does. */
const exampleLines = (examples: Command['examples']): string =>
  examples.map(([line, what]) => `  ${line}\n      ${what}`).join('\n')

/** `sessctl help generate`: what it is for, examples, then every option. */
export const commandHelp = (command: Command): string => {
  const { name, summary, details, examples, options, operands } = command
  const rest = operands?.rest ? ` [-- ${operands.rest}]` : ''
  return [
    `sessctl ${name}: ${summary}\n`,
    ...(operands ? [`Usage: sessctl ${name} ${operands.usage} [options]${rest}\n`] : []),
    `${wrapped(details, '')}\n`,
    section('Examples', exampleLines(examples)),
    section(
      'Options',
      table([
        ...Object.values(options).map(optionRow),
        ['--no-color', 'never colour the output (NO_COLOR works too)'],
        ['-h, --help', 'show this'],
      ]),
    ),
  ].join('\n')
}

const exitCodes = `0 done, 1 found what you asked about, 2 not understood (flag or spec), 3 could
  not do it, 4 failed and rolled back, 5 the roll-back failed too, 70 a bug in
  sessctl, 128+n ended by a signal`

const about = `sessctl: one cluster spec in; configurations that keep users on their server out.
`

const commandList = (commands: readonly Command[]): string =>
  section('Commands', table(commands.map(({ name, summary }) => [name, summary])))

/** The first example of each command shows what the tool is for. */
const firstSteps = (commands: readonly Command[]): string =>
  section('Examples', exampleLines(commands.flatMap(({ examples }) => examples.slice(0, 1))))

/** `sessctl` alone: where to start. */
export const briefHelp = (commands: readonly Command[]): string =>
  [
    about,
    firstSteps(commands),
    commandList(commands),
    `sessctl help COMMAND explains one of them; sessctl --help says the rest.\n`,
  ].join('\n')

/** `sessctl --help`. */
export const programHelp = (commands: readonly Command[]): string =>
  [
    about,
    firstSteps(commands),
    commandList(commands),
    section(
      'Options',
      table([
        ['-V, --version', 'print the version'],
        ['--no-color', 'never colour the output (NO_COLOR works too)'],
        ['-h, --help', 'show this; sessctl help COMMAND explains a command'],
      ]),
    ),
    section('Exit codes', `  ${exitCodes}`),
  ].join('\n')
