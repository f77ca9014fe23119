import packageJson from '../../package.json' with { type: 'json' }
import type { Command, Option } from '../../src/commands/define.ts'
import { commands } from '../../src/commands/index.ts'
import { shells } from '../../src/completion.ts'
import { exitCodeMeanings } from '../../src/exit-codes.ts'

/** Characters that roff would read as markup, or show as a typographic character. */
const escapes: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** A text on one line of roff, in ASCII. A dot at its beginning is not a request. */
export const roff = (text: string): string => {
  const escaped = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\\-'"`^~]/g, (character) => escapes[character] ?? character)
    .replaceAll(
      /[^\x20-\x7e]/gu,
      (character) =>
        `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    )
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}

const bold = (text: string): string => `\\fB${roff(text)}\\fR`

/** `-f, --file <path>`: names in bold, the value in italics. */
const term = (flags: string): string =>
  flags
    .split(/(<[^>]+>|\[[^\]]+\])/)
    .filter((part) => part !== '')
    .map((part) =>
      /^[<[]/.test(part)
        ? ` \\fI${roff(part.replaceAll(/^[<[]|[>\]]$/g, ''))}\\fR`
        : part
            .trim()
            .split(', ')
            .map((name) => bold(name))
            .join(', '),
    )
    .join('')

const item = (head: string, text: string): readonly string[] => ['.TP', head, roff(text)]

const optionText = (option: Option): string => {
  const choices = 'choices' in option ? (option.choices ?? []) : []
  const standard = 'standard' in option ? option.standard : null
  const values = [
    ...(choices.length > 0 ? [`one of: ${choices.join(', ')}`] : []),
    ...(standard === null ? [] : [`default: ${standard}`]),
  ]
  return values.length === 0 ? option.description : `${option.description} (${values.join('; ')})`
}

const exampleLines = (examples: Command['examples']): readonly string[] =>
  examples.flatMap(([line, what]) => item(bold(line), what))

const commandLines = (command: Command): readonly string[] => {
  const { name, summary, details, operands = [], rest, options, examples } = command
  return [
    `.SS ${roff(name)}`,
    `\\fBsessctl ${roff(name)}\\fR [\\fIoptions\\fR]${operands
      .map((operand) => ` \\fI${roff(operand.name)}\\fR`)
      .join('')}${rest === undefined ? '' : ` [\\fB\\-\\-\\fR \\fI${roff(rest)}\\fR]`}`,
    '.PP',
    roff(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`),
    ...details.flatMap((paragraph) => ['.PP', roff(paragraph)]),
    ...operands.flatMap((operand) => item(`\\fI${roff(operand.name)}\\fR`, operand.description)),
    ...Object.values(options).flatMap((option) => item(term(option.flags), optionText(option))),
    '.PP',
    'Examples:',
    ...exampleLines(examples),
  ]
}

const section = (title: string, lines: readonly string[]): readonly string[] => [
  `.SH ${title}`,
  ...lines,
]

/** The manual page, from the table of commands that also makes the help and the completion. */
export const manPage = (): string =>
  [
    '.\\" Generated from the table of commands: npm run docs',
    `.TH SESSCTL 1 "" "sessctl ${roff(packageJson.version)}" "User Commands"`,
    ...section('NAME', [
      roff('sessctl - sticky sessions for nginx, HAProxy, Apache httpd and Tomcat'),
    ]),
    ...section('SYNOPSIS', ['\\fBsessctl\\fR \\fIcommand\\fR [\\fIoptions\\fR] [\\fIspec\\fR]']),
    ...section('DESCRIPTION', [
      roff(packageJson.description),
      '.PP',
      'The result is printed to standard output, diagnostics and progress to standard error.',
    ]),
    ...section('COMMANDS', [
      ...commands.flatMap(commandLines),
      '.SS completion',
      '\\fBsessctl completion\\fR \\fIshell\\fR',
      '.PP',
      roff(`Print a completion script. The shell is one of: ${shells.join(', ')}.`),
    ]),
    ...section('GENERAL OPTIONS', [
      ...item(bold('--no-color'), 'print without colour (as with NO_COLOR=1)'),
      ...item(term('-h, --help'), 'print the help of sessctl or of a command'),
      ...item(
        term('-V, --version'),
        'print the version; with -v, also the programs found on this host',
      ),
    ]),
    ...section(
      'EXIT STATUS',
      exitCodeMeanings.flatMap(([code, meaning]) => item(bold(code), meaning)),
    ),
    ...section('FILES', [
      ...item('\\fIsessctl.yaml\\fR', 'the spec, if no other file is named'),
      ...item('\\fIgenerated/\\fR', 'the generated files, and manifest.json, which lists them'),
    ]),
    ...section('SEE ALSO', [
      '\\fBnginx\\fR(8), \\fBhaproxy\\fR(1), \\fBhttpd\\fR(8)',
      '.PP',
      roff(packageJson.homepage.replace(/#readme$/, '')),
    ]),
    '',
  ].join('\n')
