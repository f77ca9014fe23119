import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander'
import type { Command, Option, Outcome, Words } from './commands/define.ts'
import { commands } from './commands/index.ts'
import type { Context } from './context.ts'
import { nearest } from './core/diagnostics/suggest.ts'
import { UsageError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { briefHelp, commandHelp, programHelp } from './help.ts'

const addOption = (commander: Commander, option: Option): void => {
  const added = new CommanderOption(option.flags, option.description)
  if (option.kind === 'choice' || option.kind === 'list') added.choices([...option.choices])
  if ('standard' in option && option.standard !== null) added.default(option.standard)
  if (option.kind === 'many')
    added.argParser((value: string, before: readonly string[] | undefined) => [
      ...(before ?? []),
      value,
    ])
  commander.addOption(added)
}

interface Parsed {
  outcome: Promise<Outcome> | null
  readonly printed: string[]
}

/** commander prints nothing and ends nothing by itself. */
const quieted = (commander: Commander, parsed: Parsed, help: () => string): Commander =>
  commander
    .configureHelp({ formatHelp: help })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => parsed.printed.push(text),
      writeErr: () => undefined,
    })

/** @throws UsageError when a command gets too few operands, too many, or a `--` it has no use for. */
const checkWords = ({ name, operands }: Command, words: Words): void => {
  const help = `see sessctl help ${name}`
  if (words.rest.length > 0 && (operands?.rest ?? null) === null)
    throw new UsageError(`${name} takes nothing behind --`, { help })
  if (operands === undefined) return
  const { length } = words.operands
  if (length > operands.most)
    throw new UsageError(`one word too many: ${words.operands[operands.most]}`, { help })
  if (length < operands.least) throw new UsageError(`${name} needs ${operands.usage}`, { help })
}

const buildCommand = (
  command: Command,
  context: Context,
  parsed: Parsed,
  rest: readonly string[],
): Commander => {
  const takesWords = command.operands !== undefined
  const commander = new Commander(command.name).allowExcessArguments(takesWords)
  for (const option of Object.values(command.options)) addOption(commander, option)
  commander.action((given: Record<string, unknown>) => {
    const words = { operands: commander.args, rest }
    checkWords(command, words)
    parsed.outcome = command.run(given, context, words)
  })
  return quieted(commander, parsed, () => commandHelp(command))
}

const buildProgram = (
  built: readonly Command[],
  version: string,
  context: Context,
  parsed: Parsed,
  rest: readonly string[],
): Commander => {
  const program = new Commander('sessctl')
    .version(version, '-V, --version')
    .option('--no-color')
    .helpCommand(false)
    .showSuggestionAfterError(true)
  for (const command of built) program.addCommand(buildCommand(command, context, parsed, rest))
  return quieted(program, parsed, () => programHelp(commands))
}

/** commander's own words: `error: option '--format <format>' argument 'xml' is invalid. Allowed choices are …` */
const invalidChoice = (said: string) => {
  const [, flags = '', value = '', choices = ''] =
    /^error: option '([^']*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s.exec(
      said,
    ) ?? []
  if (choices === '') return null
  const name = /--[\w-]+/.exec(flags)?.[0] ?? flags
  const near = nearest(value, choices.split(', '))
  return {
    message: `"${value}" is no value for ${name}`,
    help: `${near === null ? '' : `did you mean ${near}? `}one of: ${choices}`,
  }
}

/** commander's own words: `error: unknown option '--fil'`, then perhaps `(Did you mean --file?)`. */
const usageError = (error: CommanderError, named: Command | undefined): UsageError => {
  const page = named === undefined ? 'sessctl --help' : `sessctl help ${named.name}`
  if (named !== undefined && error.code === 'commander.excessArguments') {
    const message = `${named.name} takes options only`
    const help = 'file' in named.options ? 'name the spec with --file' : `see ${page}`
    return new UsageError(message, { cause: error, help })
  }
  const choice = invalidChoice(error.message)
  if (choice !== null) return new UsageError(choice.message, { cause: error, help: choice.help })
  const [message = '', guess] = error.message.replace(/^error: /, '').split('\n')
  const didYouMean = guess?.replace(/^\(Did you mean (.*)\?\)$/, 'did you mean $1?')
  return new UsageError(message.replace(/\.$/, ''), {
    cause: error,
    help: didYouMean === undefined ? `${page} says what there is` : `${didYouMean} (see ${page})`,
  })
}

/** `help x` is `x --help`, unless there is no x to explain. */
const withoutHelpCommand = (argv: readonly string[]): readonly string[] => {
  const [first, name] = argv
  if (first !== 'help') return argv
  if (name === undefined) return ['--help']
  return commands.some((command) => command.name === name) ? [name, '--help'] : [name]
}

/**
 * Runs one command line.
 * @param written without the program and the script.
 * @throws UsageError for what commander does not understand, and whatever the command throws.
 */
export const runProgram = async (
  written: readonly string[],
  version: string,
  context: Context,
): Promise<Outcome> => {
  const argv = withoutHelpCommand(written)
  const parsed: Parsed = { outcome: null, printed: [] }
  const done = (stdout: string): Outcome => ({ exitCode: exitCodes.done, stdout, stderr: '' })
  if (argv.length === 0) return done(briefHelp(commands))
  const named = commands.find(({ name }) => name === argv[0])
  // The others are needed only to tell a command from what is none.
  const end = argv.indexOf('--')
  const [own, rest] = end === -1 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)]
  const program = buildProgram(named ? [named] : commands, version, context, parsed, rest)
  try {
    await program.parseAsync(own, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw usageError(error, named)
  }
  return parsed.outcome ?? done(parsed.printed.join(''))
}
