import { type Location, locationsOf } from '../diagnostics/located.ts'
import type { Compilation } from '../pipeline.ts'
import type { Change, Remedy, Review, Risk, Side } from '../review/review.ts'
import type { FileChange } from './compare.ts'
import { changedWords, type OutputLine, outputLineOf, wordsAt } from './output-lines.ts'

/** Something of a review with its line in the spec and in a generated file. */
export type Placed<Item> = Item & {
  /** In the spec of its side. */
  readonly spec: Location
  /** In the new spec: the nearest place that it has. */
  readonly newSpec: Location
  /** null: no changed line of a generated file belongs to it. */
  readonly output: OutputLine | null
}

/** A review with the lines that it is about, without secrets. */
export interface PlacedReview extends Omit<Review, 'risks' | 'changes'> {
  readonly risks: readonly Placed<Risk>[]
  readonly changes: readonly Placed<Change>[]
}

/** Files of proxies first: they decide where a client is sent. */
const proxies = ['nginx/', 'haproxy/', 'httpd/']
const rank = ({ path }: FileChange): number => {
  const index = proxies.findIndex((folder) => path.startsWith(folder))
  return index === -1 ? proxies.length : index
}

const hiding = (spellings: readonly string[]): ((text: string) => string) => {
  if (spellings.length === 0) return (text) => text
  return (text) => spellings.reduce((shown, secret) => shown.replaceAll(secret, '(secret)'), text)
}

/** @param spellings of the literal secrets of both sides. */
export const placedReview = (
  review: Review,
  sides: { readonly before: Compilation; readonly after: Compilation },
  files: readonly FileChange[],
  spellings: readonly string[],
): PlacedReview => {
  const changed = changedWords([...files].sort((a, b) => rank(a) - rank(b)))
  const hidden = hiding(spellings)
  const place = <Item extends Risk | Change>(
    items: readonly Item[],
  ): readonly (Item & Omit<Placed<Item>, keyof Item>)[] => {
    const located = (side: Side): readonly Location[] =>
      locationsOf(
        items.map(({ at }) => ({ kind: 'spec', path: at, part: 'key' })),
        sides[side].source,
      )
    const locations = { before: located('before'), after: located('after') }
    return items.flatMap((item, index) => {
      const { [index]: spec } = locations[item.side]
      const { [index]: newSpec } = locations.after
      if (spec === undefined || newSpec === undefined) return []
      const { before, after } = sides
      const specs = item.side === 'before' ? [before, after] : [after, before]
      const words = specs.flatMap((side) => wordsAt(side.spec, item.at))
      return [{ ...item, spec, newSpec, output: outputLineOf(words, item.side, changed) }]
    })
  }
  const withoutSecrets = (remedy: Remedy): Remedy => ({
    text: hidden(remedy.text),
    commands: remedy.commands.map(hidden),
  })
  return {
    ...review,
    verdict: {
      ...review.verdict,
      sentence: hidden(review.verdict.sentence),
      restarts: review.verdict.restarts.map(hidden),
      reloads: review.verdict.reloads.map(hidden),
    },
    impact: review.impact.map((each) => ({
      ...each,
      proxies: each.proxies.map((one) => ({ ...one, reason: hidden(one.reason) })),
    })),
    risks: place(review.risks).map((risk) => ({
      ...risk,
      message: hidden(risk.message),
      remedies: risk.remedies.map(withoutSecrets),
    })),
    changes: place(review.changes).map((change) => ({ ...change, text: hidden(change.text) })),
  }
}
