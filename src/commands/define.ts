import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'

/** What a command leaves behind: it never prints. */
export interface Outcome {
  readonly exitCode: ExitCode
  /** The answer. */
  readonly stdout: string
  /** Everything else: diagnostics, what was done, what to do next. */
  readonly stderr: string
}

interface OptionBase {
  /** As commander wants them: `-f, --file <path>`. */
  readonly flags: string
  /** Starts in lower case and ends without a full stop. */
  readonly description: string
}
export interface TextOption extends OptionBase {
  readonly kind: 'text'
  readonly standard: string | null
}
export interface ChoiceOption extends OptionBase {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly standard: string
}
export interface ListOption extends OptionBase {
  readonly kind: 'list'
  readonly choices: readonly string[]
}
export interface FlagOption extends OptionBase {
  readonly kind: 'flag'
}
export type Option = TextOption | ChoiceOption | ListOption | FlagOption
export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends ListOption
    ? readonly string[]
    : O extends { standard: null }
      ? string | null
      : string

/** The values of the options, by their names. */
export type ArgsOf<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> }

export const text = <const Standard extends string | null>(
  flags: string,
  description: string,
  standard: Standard,
) => ({ kind: 'text', flags, description, standard }) as const
export const choice = (
  flags: string,
  description: string,
  choices: readonly string[],
  standard: string,
) => ({ kind: 'choice', flags, description, choices, standard }) as const
export const list = (flags: string, description: string, choices: readonly string[]) =>
  ({ kind: 'list', flags, description, choices }) as const
export const flag = (flags: string, description: string) =>
  ({ kind: 'flag', flags, description }) as const

export type Run<O extends Options> = (args: ArgsOf<O>, context: Context) => Promise<Outcome>

/** A command before its options are forgotten: data for the program, the help and the docs. */
export interface Command<O extends Options = Options> {
  readonly name: string
  /** One line without a full stop. */
  readonly summary: string
  /** What the help says below the summary. */
  readonly details: string
  readonly examples: readonly (readonly [command: string, what: string])[]
  /** Keyed by the name commander gives the value: `--dry-run` → `dryRun`. */
  readonly options: O
  /** Loads what the command needs only when it runs: `--help` must not wait for it. */
  readonly load: () => Promise<Run<O>>
}

export const defineCommand = <const O extends Options>(command: Command<O>): Command<O> => command
