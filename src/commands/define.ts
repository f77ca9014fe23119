import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'

/** The result of a command, which prints nothing itself. */
export interface Outcome {
  readonly exitCode: ExitCode
  /** The answer. */
  readonly stdout: string
  /** stdout is the text of a file: only on a terminal is anything in it escaped. */
  readonly isFile?: boolean
  /** Diagnostics, progress and next steps. */
  readonly stderr: string
}

interface OptionBase {
  /** In commander's syntax: `-f, --file <path>`. */
  readonly flags: string
  /** Starts in lower case and ends without a full stop. */
  readonly description: string
}
export interface TextOption extends OptionBase {
  readonly kind: 'text'
  /** A former name that still works and is not in the help. */
  readonly alias?: `--${string}`
  readonly standard: string | null
}
export interface ChoiceOption extends OptionBase {
  readonly kind: 'choice'
  readonly choices: readonly string[]
  readonly standard: string
}
/** Names, separated by commas or given by repeating the option. */
export interface ListOption extends OptionBase {
  readonly kind: 'list'
  /** Null: any name. */
  readonly choices: readonly string[] | null
}
/** Paths, which may contain commas: given by repeating the option. */
export interface ManyOption extends OptionBase {
  readonly kind: 'many'
}
export interface FlagOption extends OptionBase {
  readonly kind: 'flag'
}
export type Option = TextOption | ChoiceOption | ListOption | ManyOption | FlagOption
export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O extends FlagOption
  ? boolean
  : O extends ListOption | ManyOption
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
export const list = (
  flags: string,
  description: string,
  choices: readonly string[] | null = null,
) => ({ kind: 'list', flags, description, choices }) as const
export const many = (flags: string, description: string) =>
  ({ kind: 'many', flags, description }) as const
export const flag = (flags: string, description: string) =>
  ({ kind: 'flag', flags, description }) as const

/** The words of a command line that are not options. */
export interface Words {
  readonly operands: readonly string[]
  /** The words after `--`. */
  readonly rest: readonly string[]
}

export interface Operand {
  /** In commander's syntax: `<url>`, `[spec]`, `[specs...]`. */
  readonly name: string
  readonly description: string
}

export type Run<O extends Options> = (
  args: ArgsOf<O>,
  context: Context,
  words: Words,
) => Promise<Outcome>

interface Described {
  readonly name: string
  /** One line without a full stop, starting with a verb. */
  readonly summary: string
  /** Paragraphs of the help, below the summary. */
  readonly details: readonly string[]
  readonly examples: readonly (readonly [command: string, what: string])[]
  readonly operands?: readonly Operand[]
  /** What may follow `--`; without it, nothing may. */
  readonly rest?: string
}

interface Definition<O extends Options> extends Described {
  /** Keyed by commander's name of the value: `--dry-run` → `dryRun`. */
  readonly options: O
  /** Imports the implementation: `--help` does not need it. */
  readonly load: () => Promise<Run<O>>
}

/** A command: data for the program, the help and the documentation, and a function that runs it. */
export interface Command extends Described {
  readonly options: Options
  /** @param given the values on the command line, by option name. */
  readonly run: (
    given: Readonly<Record<string, unknown>>,
    context: Context,
    words: Words,
  ) => Promise<Outcome>
}

/** The value of an option without a default that is not on the command line. */
const absent = ({ kind }: Option): unknown =>
  kind === 'flag' ? false : kind === 'list' || kind === 'many' ? [] : null

const isOfKind = (option: Option, value: unknown): boolean => {
  switch (option.kind) {
    case 'flag':
      return typeof value === 'boolean'
    case 'list':
    case 'many':
      return Array.isArray(value)
    default:
      return typeof value === 'string' || (value === null && option.standard === null)
  }
}

const isArgsOf = <O extends Options>(
  options: O,
  values: Readonly<Record<string, unknown>>,
): values is ArgsOf<O> =>
  Object.entries(options).every(([name, option]) => isOfKind(option, values[name]))

/** The former name of an option. */
export const aliasOf = (option: Option): string | null =>
  (option.kind === 'text' ? option.alias : undefined) ?? null

/** Checks that the implementation fits the options; the type of the result no longer has them. */
export const defineCommand = <const O extends Options>(definition: Definition<O>): Command => {
  const { load, ...described } = definition
  const { name, options } = definition
  return {
    ...described,
    run: async (given, context, words) => {
      const args = Object.fromEntries(
        Object.entries(options).map(([key, option]) => [
          key,
          given[aliasOf(option)?.slice(2) ?? key] ?? given[key] ?? absent(option),
        ]),
      )
      if (!isArgsOf(options, args)) throw new TypeError(`${name}: a value of the wrong kind`)
      const run = await load()
      return run(args, context, words)
    },
  }
}
