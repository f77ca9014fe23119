import type { Command, Option } from './commands/define.ts'

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const
export type Shell = (typeof shells)[number]

interface Flag {
  /** `-f`, `--file` */
  readonly names: readonly string[]
  readonly description: string
  readonly takesValue: boolean
  readonly values: readonly string[]
}

const flagOf = (option: Option): Flag => ({
  names: option.flags.split(/[ ,]+/).filter((word) => word.startsWith('-')),
  description: option.description,
  takesValue: option.kind !== 'flag',
  values: 'choices' in option ? (option.choices ?? []) : [],
})

const flagsOf = ({ options }: Command): readonly Flag[] => Object.values(options).map(flagOf)

const long = ({ names }: Flag): string => names.at(-1) ?? ''

const names = (commands: readonly Command[]): string =>
  [...commands.map(({ name }) => name), 'completion', 'help'].join(' ')

const bashValues = (command: Command): readonly string[] =>
  flagsOf(command)
    .filter(({ values }) => values.length > 0)
    .map((flag) => {
      const patterns = flag.names.map((name) => `'${command.name} ${name}'`).join('|')
      return `    ${patterns}) words='${flag.values.join(' ')}' ;;`
    })

const bash = (commands: readonly Command[]): string => `_sessctl() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=\${COMP_WORDS[1]} words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)) || { ((COMP_CWORD == 2)) && [[ $command == help ]]; }; then
    mapfile -t COMPREPLY < <(compgen -W '${names(commands)}' -- "$current")
    return
  fi
  case "$command \${COMP_WORDS[COMP_CWORD - 1]}" in
${commands.flatMap(bashValues).join('\n')}
    'completion completion') words='${shells.join(' ')}' ;;
  esac
  if [[ -z $words && $current == -* ]]; then
    case $command in
${commands.map((command) => `      ${command.name}) words='${flagsOf(command).map(long).join(' ')} --help' ;;`).join('\n')}
    esac
  fi
  if [[ -n $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _sessctl sessctl
`

const bashScript = (commands: readonly Command[]): string =>
  `# bash completion of sessctl. Load it with: source <(sessctl completion bash)\n${bash(commands)}`

const zshScript = (
  commands: readonly Command[],
): string => `# zsh completion of sessctl. Load it with: source <(sessctl completion zsh)
autoload -U +X bashcompinit && bashcompinit
${bash(commands).replace(/mapfile -t COMPREPLY < <\((.*)\)$/gm, 'COMPREPLY=($(COLUMNS=1 $1))')}`

const fishQuoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const fishFlag = (command: Command, flag: Flag): string => {
  const short = flag.names.find((name) => /^-\w$/.test(name))
  return [
    `complete -c sessctl -n '__fish_seen_subcommand_from ${command.name}'`,
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    `-l ${long(flag).slice(2)}`,
    ...(flag.values.length > 0
      ? [`-xa '${flag.values.join(' ')}'`]
      : flag.takesValue
        ? ['-r']
        : []),
    `-d ${fishQuoted(flag.description)}`,
  ].join(' ')
}

const fishScript = (
  commands: readonly Command[],
): string => `# fish completion of sessctl. Load it with: sessctl completion fish | source
${[
  ...commands.map(
    ({ name, summary }) =>
      `complete -c sessctl -n __fish_use_subcommand -xa ${name} -d ${fishQuoted(summary)}`,
  ),
  ...commands.flatMap((command) => flagsOf(command).map((flag) => fishFlag(command, flag))),
  `complete -c sessctl -n '__fish_seen_subcommand_from completion' -xa '${shells.join(' ')}'`,
].join('\n')}
`

const powershellList = (words: readonly string[]): string =>
  words.map((word) => `'${word}'`).join(', ')

const powershellScript = (
  commands: readonly Command[],
): string => `# PowerShell completion of sessctl. Load it with:
# sessctl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName sessctl -ScriptBlock {
  param($current, $line, $position)
  $options = @{
${commands.map((command) => `    '${command.name}' = @(${powershellList([...flagsOf(command).map(long), '--help'])})`).join('\n')}
    'completion' = @(${powershellList(shells)})
  }
  $words = @($line.CommandElements | ForEach-Object { $_.ToString() })
  $typed = if ($current -eq '') { $words.Count } else { $words.Count - 1 }
  $offered = if ($typed -le 1) { @(${powershellList(names(commands).split(' '))}) } else { $options[$words[1]] }
  $offered | Where-Object { $_ -like "$current*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`

const scripts: Readonly<Record<Shell, (commands: readonly Command[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
}

/** The completion script of a shell, for the shell to load. */
export const completionScript = (shell: Shell, commands: readonly Command[]): string =>
  scripts[shell](commands)
