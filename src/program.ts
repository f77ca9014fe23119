import {
  Argument,
  Command as Commander,
  CommanderError,
  Option as CommanderOption,
} from 'commander'
import { aliasOf, type Command, type Option, type Outcome, type Words } from './commands/define.ts'
import { commands } from './commands/index.ts'
import { completionScript, type Shell, shells } from './completion.ts'
import type { Context } from './context.ts'
import { nearest } from './core/diagnostics/suggest.ts'
import { UsageError } from './errors.ts'
import { exitCodeMeanings, exitCodes } from './exit-codes.ts'

const colourOption = ['--no-color', 'print without colour (as with NO_COLOR=1)'] as const

const exitCodesHelp = [
  '\nExit codes:',
  ...exitCodeMeanings.map(([code, meaning]) => `  ${code.padEnd(7)}${meaning}`),
].join('\n')

/** @throws UsageError when the value is not one of the choices. */
const checkChoice = (flags: string, value: string, choices: readonly string[]): string => {
  if (choices.includes(value)) return value
  const near = nearest(value, choices)
  throw new UsageError(`"${value}" is not a value of ${flags.replace(/^-\w, /, '')}`, {
    help: `${near === null ? '' : `did you mean ${near}? `}expected one of: ${choices.join(', ')}`,
  })
}

/** An option of sessctl as an option of commander. */
const commanderOption = (option: Option): CommanderOption => {
  const made = new CommanderOption(option.flags, option.description)
  if ('standard' in option && option.standard !== null) made.default(option.standard)
  const choices = 'choices' in option ? option.choices : null
  if (choices !== null) made.choices([...choices])
  const checked = (value: string) =>
    choices === null ? value : checkChoice(option.flags, value, choices)
  switch (option.kind) {
    case 'choice':
      return made.argParser(checked)
    case 'list':
      return made.argParser((value: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        ...value.split(',').map(checked),
      ])
    case 'many':
      return made.argParser((value: string, before: readonly string[] | undefined) => [
        ...(before ?? []),
        value,
      ])
    default:
      return made
  }
}

const examplesHelp = (examples: Command['examples']): string =>
  ['\nExamples:', ...examples.map(([line, what]) => `  ${line}\n      ${what}`)].join('\n')

/** The result of commander: the run of a command, or the help or version to print. */
interface Parsed {
  outcome: Promise<Outcome> | null
  readonly printed: string[]
}

const addCommand = (
  program: Commander,
  command: Command,
  context: Context,
  parsed: Parsed,
  rest: readonly string[],
): void => {
  const { name, summary, details, operands = [], examples } = command
  const added = program
    .command(name)
    .summary(summary)
    .description(
      `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.\n\n${details.join('\n\n')}`,
    )
    .addHelpText('after', examplesHelp(examples))
  if (command.rest !== undefined)
    added.usage(
      `[options] ${operands.map((operand) => operand.name).join(' ')} [-- ${command.rest}]`,
    )
  for (const operand of operands) added.argument(operand.name, operand.description)
  for (const option of Object.values(command.options)) {
    added.addOption(commanderOption(option))
    const alias = aliasOf(option)
    if (alias !== null) added.addOption(new CommanderOption(`${alias} <value>`).hideHelp())
  }
  added.option(...colourOption)
  added.action(() => {
    if (rest.length > 0 && command.rest === undefined)
      throw new UsageError(`${name} takes no arguments after --`, {
        help: `see sessctl help ${name}`,
      })
    const words: Words = { operands: added.args, rest }
    parsed.outcome = command.run(added.opts(), context, words)
  })
}

const buildProgram = (
  context: Context,
  version: string,
  parsed: Parsed,
  rest: readonly string[],
): Commander => {
  const program = new Commander('sessctl')
    .description(
      'Generates sticky-session configuration for nginx, HAProxy, Apache httpd and Tomcat from one spec.',
    )
    .version(
      version,
      '-V, --version',
      'print the version; with -v, also the programs found on this host',
    )
    .option(...colourOption)
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ helpWidth: 80 })
    .configureOutput({
      writeOut: (text) => parsed.printed.push(text),
      // Errors are reported by the caller, in the format of --format.
      writeErr: () => undefined,
    })
    .addHelpText(
      'after',
      `${examplesHelp(commands.flatMap(({ examples }) => examples.slice(0, 1)))}\n${exitCodesHelp}`,
    )
  for (const command of commands) addCommand(program, command, context, parsed, rest)
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description(
      'Print a completion script for a shell. bash: source <(sessctl completion bash); the first line of each script says how to load it.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell: Shell) => {
      parsed.printed.push(completionScript(shell, commands))
    })
  return program
}

const usageError = (error: CommanderError, argv: readonly string[]): UsageError => {
  const named = commands.find(({ name }) => name === argv[0])
  const prefix = 'error: '
  const { message } = error
  return new UsageError(message.startsWith(prefix) ? message.slice(prefix.length) : message, {
    cause: error,
    help: `see sessctl ${named === undefined ? '--help' : `help ${named.name}`}`,
  })
}

const isHostReport = ([first, second, ...more]: readonly string[]): boolean =>
  ['-V', '--version'].includes(first ?? '') &&
  ['-v', '--verbose'].includes(second ?? '') &&
  more.length === 0

const hostReportOf = async (version: string, context: Context): Promise<Outcome> => {
  const { hostReport } = await import('./commands/host-report.ts')
  const here = { node: process.version, platform: `${process.platform} ${process.arch}` }
  return {
    exitCode: exitCodes.done,
    stdout: await hostReport(version, here, context),
    stderr: '',
  }
}

/** Without arguments, help is printed. `help x` reports an unknown x like `x` does. */
const withHelpOption = (argv: readonly string[]): readonly string[] => {
  const [first, name] = argv
  if (argv.length === 0) return ['--help']
  if (first !== 'help' || name === undefined) return argv
  return commands.some((command) => command.name === name) ? [name, '--help'] : [name]
}

/**
 * Runs one command line.
 * @param written the arguments, without the program and the script.
 * @throws UsageError when the command line is invalid, and every error of the command.
 */
export const runProgram = async (
  written: readonly string[],
  version: string,
  context: Context,
): Promise<Outcome> => {
  // commander does not separate operands from the words after `--`.
  const end = written.indexOf('--')
  const [argv, rest] = end === -1 ? [written, []] : [written.slice(0, end), written.slice(end + 1)]
  if (isHostReport(argv)) return hostReportOf(version, context)
  const parsed: Parsed = { outcome: null, printed: [] }
  const program = buildProgram(context, version, parsed, rest)
  try {
    await program.parseAsync(withHelpOption(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw usageError(error, argv)
  }
  return parsed.outcome ?? { exitCode: exitCodes.done, stdout: parsed.printed.join(''), stderr: '' }
}
