import type { Location } from '../../../model/cluster.ts'
import { inOrder, type OrderedLocation } from '../../location-order.ts'
import { regexText } from '../../regex-text.ts'
import { rivalsAmong } from './rivals.ts'

/** A location as an expression on the decoded path. */
export interface Pattern {
  readonly location: Location
  /** Matches where the location does, given that none before it did. */
  readonly own: string
  /** Matches where nginx chooses the location, whatever else stands beside it. */
  readonly chosen: string
}

/**
 * The same expression without `${`, which httpd takes for a variable as soon as any `}` follows on
 * the line. A brace there is itself, with a backslash or without.
 */
const withoutVariable = (pattern: string): string => pattern.replaceAll('$\u007b', '$\\{')

/** The same expression, to be looked for from the beginning of the path. */
const fromStart = ({ location, longer }: OrderedLocation): string => {
  const { kind, pattern } = location.match
  if (kind === '=') return `${regexText(pattern)}$`
  if (kind === '~') return `(?s:.*?)(?:${withoutVariable(pattern)})`
  if (kind === '~*') return `(?s:.*?)(?i:${withoutVariable(pattern)})`
  const not = longer.length === 0 ? '' : `(?!${longer.map(regexText).join('|')})`
  return `${not}${regexText(pattern)}`
}

const ownOf = (ordered: OrderedLocation): string => {
  const { kind, pattern } = ordered.location.match
  if (kind === '~') return withoutVariable(pattern)
  return kind === '~*' ? `(?i)${withoutVariable(pattern)}` : `^${fromStart(ordered)}`
}

/** In the order in which nginx prefers them. */
export const patternsOf = (locations: readonly Location[]): readonly Pattern[] => {
  const ranked = inOrder(locations).map((each, index) => ({
    location: each.location,
    index,
    own: ownOf(each),
    start: fromStart(each),
  }))
  const rivalsOf = rivalsAmong(ranked)
  return ranked.map((each) => ({
    location: each.location,
    own: each.own,
    get chosen() {
      const not = rivalsOf(each).map(({ start }) => `(?!${start})`)
      return `^${not.join('')}(?=${each.start})`
    },
  }))
}
