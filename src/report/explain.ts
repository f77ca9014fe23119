import type { Location } from '../core/diagnostics/located.ts'
import { type Choice, type Considered, formOf } from '../core/dialects/choice.ts'
import type { ExplainedUpstream, Explanation } from '../core/explain/explain.ts'
import { formatDiagnostics } from './diagnostics.ts'
import { betterJson, betterLines, costLines, costsJson } from './explain-costs.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { wrapped } from './wrap.ts'

const placeOf = ({ file, line }: Location): string => (line === null ? file : `${file}:${line}`)

const refusedLine = ({ form, refusal, remedy }: Considered): readonly string[] =>
  refusal === null
    ? []
    : [
        `    not ${visible(form)}: ${visible(refusal)}`,
        ...(remedy === null ? [] : [`      = help: ${visible(remedy)}`]),
      ]

const choiceLines = (choice: Choice, style: Style): readonly string[] => {
  const form = formOf(choice)
  const what = form === null ? style.red('no form is possible') : style.bold(visible(form))
  return [`  ${visible(choice.target)}: ${what}`, ...choice.considered.flatMap(refusedLine)]
}

const upstreamLines = (
  { name, location, choices, costs, better }: ExplainedUpstream,
  style: Style,
): readonly string[] => [
  `${style.bold(`upstream ${visible(name)}`)} (${placeOf(location)})`,
  ...(choices.length === 0 ? ['  no target writes it'] : []),
  ...choices.flatMap((choice) => choiceLines(choice, style)),
  ...costLines(costs ?? []),
  ...betterLines(better),
  '',
]

const headLines = ({ path, meaning, location }: Explanation, style: Style): readonly string[] => {
  if (path === null) return []
  const where = location === null ? 'not set in the spec' : placeOf(location)
  return [
    `${style.bold(visible(path))} (${where})`,
    ...(meaning === null ? [] : [`  ${visible(meaning)}`]),
    '',
  ]
}

/**
 * The explanation of a part of a spec, for a terminal.
 * @param columns of the terminal; null: lines are not broken.
 */
export const formatExplanation = (
  explanation: Explanation,
  style: Style,
  columns: number | null,
): string => {
  const { notes, upstreams } = explanation
  const lines = [
    ...headLines(explanation, style),
    ...upstreams.flatMap((upstream) => upstreamLines(upstream, style)),
  ].flatMap((line) => wrapped(line, columns))
  const diagnostics = formatDiagnostics(notes, style, 'all')
  return diagnostics === ''
    ? `${lines.slice(0, -1).join('\n')}\n`
    : `${lines.join('\n')}\n${diagnostics}`
}

/** The same as data. */
export const explanationJson = ({ path, meaning, location, upstreams, notes }: Explanation) => ({
  path,
  meaning,
  location: location === null ? null : { file: location.file, line: location.line },
  upstreams: upstreams.map(({ name, location: { file, line }, choices, costs, better }) => ({
    name,
    location: { file, line },
    choices: choices.map((choice) => ({
      target: choice.target,
      form: formOf(choice),
      considered: choice.considered,
    })),
    costs: costs === null ? null : costsJson(costs),
    better: betterJson(better),
  })),
  diagnostics: notes,
})
