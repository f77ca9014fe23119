import type { Alternative, Gain, TargetCosts } from '../core/explain/alternatives.ts'
import { type Cost, cdnAddresses } from '../core/explain/costs.ts'
import { type Measure, situations, spreads } from '../core/explain/measures.ts'
import { percent } from '../core/review/shares.ts'
import { visible } from './visible.ts'

const times = (value: number): string => `${value.toFixed(2)} × its share`

const costText = ({ moved, lost, failed }: Cost): string => {
  const parts = [
    ...(moved > 0 ? [`${percent(moved)} of clients move`] : []),
    ...(lost > 0 ? [`${percent(lost)} of sessions are lost`] : []),
    ...(failed > 0 ? [`${percent(failed)} of clients get an error`] : []),
  ]
  return parts.length === 0 ? 'no session is lost' : parts.join(', ')
}

interface Row {
  readonly name: string
  /** One for each target. */
  readonly cells: readonly string[]
}

/** A row, or a line for each target where they differ. */
const rowLines = ({ name, cells }: Row, targets: readonly string[]): readonly string[] => {
  const [first = ''] = cells
  if (cells.every((cell) => cell === first)) return [`    ${name}: ${first}`]
  return [
    `    ${name}:`,
    ...cells.map((cell, index) => `      ${visible(targets[index] ?? '')}: ${cell}`),
  ]
}

/** What the forms of an upstream cost. */
export const costLines = (each: readonly TargetCosts[]): readonly string[] => {
  const targets = each.map(({ target }) => target)
  const all = each.map(({ costs }) => costs)
  const [first] = all
  if (first === undefined) return []
  const rows: readonly Row[] = [
    ...spreads.map(([key, name]) => ({
      name: key === 'spreadBehindCdn' ? `${name} of ${cdnAddresses} addresses` : name,
      cells: all.map((one) => times(one[key])),
    })),
    ...situations.map(([key, name]) => ({ name, cells: all.map((one) => costText(one[key])) })),
  ]
  return [
    `  Costs, simulated with ${first.clients.toLocaleString('en')} clients:`,
    ...rows.flatMap((row) => rowLines(row, targets)),
  ]
}

const figure = ({ unit }: Measure, value: number): string =>
  unit === 'times' ? value.toFixed(2) : percent(value)

const gainText = ({ target, measure, before, after }: Gain): string =>
  `      ${measure.name}: ${figure(measure, before)} → ${figure(measure, after)} (${visible(target)})`

/** A figure that improves in several targets is shown for the one that gains most. */
const shownGains = (gains: readonly Gain[]): readonly Gain[] =>
  gains.filter(
    ({ measure }, index) => gains.findIndex((other) => other.measure === measure) === index,
  )

/** Changes of the spec: two lines each, and what they make possible or better. */
export const betterLines = (better: readonly Alternative[]): readonly string[] =>
  better.length === 0
    ? []
    : [
        '  Better:',
        ...better.flatMap(({ path, line, enables, gains }) => [
          `    in ${visible(path.join('.'))}:`,
          `      ${visible(line)}`,
          ...enables.map(
            ({ target, form }) => `      ${visible(target)} then uses: ${visible(form)}`,
          ),
          ...shownGains(gains).map(gainText),
        ]),
      ]

/** The same as data. */
export const costsJson = (each: readonly TargetCosts[]) =>
  each.map(({ target, costs }) => ({ target, cdnAddresses, ...costs }))

export const betterJson = (better: readonly Alternative[]) =>
  better.map(({ path, key, line, enables, gains }) => ({
    path: path.join('.'),
    key,
    line,
    enables,
    gains: gains.map(({ target, measure: { name, unit }, before, after }) => ({
      target,
      measure: name,
      unit,
      before,
      after,
    })),
  }))
