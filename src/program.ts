import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander'
import type { Command, Option, Outcome } from './commands/define.ts'
import { commands } from './commands/index.ts'
import type { Context } from './context.ts'
import { UsageError } from './errors.ts'
import { exitCodes } from './exit-codes.ts'

const addOption = (commander: Commander, option: Option): void => {
  const added = new CommanderOption(option.flags, option.description)
  if (option.kind === 'choice' || option.kind === 'list') added.choices([...option.choices])
  if ('standard' in option && option.standard !== null) added.default(option.standard)
  commander.addOption(added)
}

/** What commander leaves out, a command still gets: false, an empty list, null. */
const absent = ({ kind }: Option): unknown =>
  kind === 'flag' ? false : kind === 'list' ? [] : null

const argsFor = (
  command: Command,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(command.options).map(([name, option]) => [name, given[name] ?? absent(option)]),
  )

const helpTail = ({ details, examples }: Command): string =>
  [
    '',
    details,
    '',
    'Examples:',
    ...examples.map(([line, what]) => `  ${line}\n      ${what}`),
  ].join('\n')

interface Parsed {
  outcome: Promise<Outcome> | null
  readonly printed: string[]
}

const buildCommand = (command: Command, context: Context, parsed: Parsed): Commander => {
  const commander = new Commander(command.name)
    .description(command.summary)
    .addHelpText('after', helpTail(command))
  for (const option of Object.values(command.options)) addOption(commander, option)
  commander.allowExcessArguments(false).action((given: Record<string, unknown>) => {
    // The registry is a list of commands with different options; each gets the values of its own.
    parsed.outcome = command.load().then((run) => run(argsFor(command, given) as never, context))
  })
  return commander
}

const exitHelp = `
Exit codes: 0 done, 1 found what you asked about, 2 not understood (flag or spec),
3 could not do it, 70 a bug in sessctl, 128+n ended by a signal.`

const buildProgram = (version: string, context: Context, parsed: Parsed): Commander => {
  const program = new Commander('sessctl')
    .description('One cluster spec in; configurations that keep users on their server out.')
    .version(version, '-V, --version', 'print the version')
    .option('--no-color', 'never colour the output (NO_COLOR works too)')
    .helpCommand('help [command]', 'explain a command')
    .addHelpText('after', exitHelp)
    .showSuggestionAfterError(true)
  for (const command of commands)
    program.addCommand(buildCommand(command as unknown as Command, context, parsed))
  for (const commander of [program, ...program.commands]) {
    commander.exitOverride().configureOutput({
      writeOut: (text) => parsed.printed.push(text),
      writeErr: () => undefined,
    })
  }
  return program
}

const usageMessage = (message: string): string => message.replace(/^error: /, '').trim()

/**
 * Runs one command line.
 * @param argv without the program and the script.
 * @throws UsageError for what commander does not understand, and whatever the command throws.
 */
export const runProgram = async (
  argv: readonly string[],
  version: string,
  context: Context,
): Promise<Outcome> => {
  const parsed: Parsed = { outcome: null, printed: [] }
  const program = buildProgram(version, context, parsed)
  try {
    if (argv.length === 0)
      return { exitCode: exitCodes.done, stdout: program.helpInformation(), stderr: '' }
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0)
      return { exitCode: exitCodes.done, stdout: parsed.printed.join(''), stderr: '' }
    throw new UsageError(usageMessage(error.message), {
      cause: error,
      help: 'sessctl --help lists what there is',
    })
  }
  return parsed.outcome ?? { exitCode: exitCodes.done, stdout: parsed.printed.join(''), stderr: '' }
}
