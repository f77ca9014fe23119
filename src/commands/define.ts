import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'

/** What a command leaves behind: it never prints. */
export interface Outcome {
  readonly exitCode: ExitCode
  /** The answer. */
  readonly stdout: string
  /** stdout is the text of a file: only on a terminal is anything in it escaped. */
  readonly isFile?: boolean
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
/** Given once for each value, so that it never takes an operand behind it. */
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
export const list = (flags: string, description: string, choices: readonly string[]) =>
  ({ kind: 'list', flags, description, choices }) as const
export const many = (flags: string, description: string) =>
  ({ kind: 'many', flags, description }) as const
export const flag = (flags: string, description: string) =>
  ({ kind: 'flag', flags, description }) as const

/** What a command line says beside its options. */
export interface Words {
  readonly operands: readonly string[]
  /** What stands behind `--`. */
  readonly rest: readonly string[]
}

/** Which words a command takes; without it, options are all it takes. */
export interface Operands {
  /** As the help shows them: `NGINX MODULE.so…`. */
  readonly usage: string
  readonly least: number
  readonly most: number
  /** What may stand behind `--`, in a few words; null when nothing may. */
  readonly rest: string | null
}

export type Run<O extends Options> = (
  args: ArgsOf<O>,
  context: Context,
  words: Words,
) => Promise<Outcome>

interface Described {
  readonly name: string
  /** One line without a full stop. */
  readonly summary: string
  /** What the help says below the summary. */
  readonly details: string
  readonly examples: readonly (readonly [command: string, what: string])[]
  readonly operands?: Operands
}

interface Definition<O extends Options> extends Described {
  /** Keyed by the name commander gives the value: `--dry-run` → `dryRun`. */
  readonly options: O
  /** Loads what the command needs only when it runs: `--help` must not wait for it. */
  readonly load: () => Promise<Run<O>>
}

/** A command: data for the program, the help and the docs, and a way to run it. */
export interface Command extends Described {
  readonly options: Options
  /** @param given what the command line says, by the names of the options. */
  readonly run: (
    given: Readonly<Record<string, unknown>>,
    context: Context,
    words: Words,
  ) => Promise<Outcome>
}

/** What a command gets for an option that the command line leaves out and that has no default. */
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

/** Types a command by its options; the list of all commands no longer knows them. */
export const defineCommand = <const O extends Options>(definition: Definition<O>): Command => {
  const { load, ...described } = definition
  const { name, options } = definition
  return {
    ...described,
    run: async (given, context, words) => {
      const args = Object.fromEntries(
        Object.entries(options).map(([key, option]) => [key, given[key] ?? absent(option)]),
      )
      if (!isArgsOf(options, args)) throw new TypeError(`${name}: a value of the wrong kind`)
      const run = await load()
      return run(args, context, words)
    },
  }
}
