import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml'
import { bracketEnd, plainTree, scalarRange } from './plain-tree.ts'
import type { TextNode } from './text-node.ts'

export interface PlainYaml {
  readonly data: unknown
  readonly tree: () => TextNode
}

/** What the events below do not tell of: tabs, other line ends, marks, directives, explicit keys. */
const unusual =
  /[\t\0\u0085\u2028\u2029\ufeff]|\r(?!\n)|^(?:---|\.\.\.|%)|(?:^|[\s[{,-])\?\s|__proto__/m

class Unusual extends Error {}

const giveUp = (): never => {
  throw new Unusual()
}

/** The numbers of YAML 1.2 that everybody reads alike; hexadecimal, octal, infinite ones are rare. */
const number = /^[-+]?(?:\d{1,15}|(?:\.\d{1,15}|\d{1,15}\.\d{0,15})(?:[eE][-+]?\d{1,2})?)$/
const otherNumber = /^[-+]?(?:\d+|0[ox][\da-f]+|\.inf|\.nan|[\d.]+e[-+]?\d+|\d*\.\d*)$/i
const words: ReadonlyMap<string, null | boolean> = new Map([
  ...['~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
])

const plainValue = (text: string): string | number | boolean | null => {
  const word = words.get(text)
  if (word !== undefined) return word
  if (number.test(text)) return Number(text)
  return otherNumber.test(text) ? giveUp() : text
}

/** What may stand behind a bracket or a quote; js-yaml takes `[] a: b` and `"" a: b` as well. */
const separator = / *(?:[\r\n,:\]}]|$)| +#/y

const isClosed = (text: string, end: number): boolean => {
  separator.lastIndex = end
  return separator.test(text)
}

/** A scalar on one line, without anchor and tag. */
const textOf = (text: string, event: Event | undefined): string => {
  if (event?.type !== EVENT_ID.SCALAR || event.anchorStart !== -1 || event.tagStart !== -1)
    return giveUp()
  const { valueStart, valueEnd, style, fast } = event
  const isPlain = style === SCALAR_STYLE.PLAIN
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  if (valueStart === -1 || !(isPlain || (isQuoted && isClosed(text, valueEnd + 1)))) return giveUp()
  const written = text.slice(valueStart, valueEnd)
  if (fast) return written
  return /[\r\n]/.test(written) ? giveUp() : getScalarValue(text, event)
}

const scalarOf = (text: string, event: ScalarEvent): unknown => {
  const value = textOf(text, event)
  return event.style === SCALAR_STYLE.PLAIN ? plainValue(value) : value
}

const dataOf = (text: string, events: readonly Event[]): unknown => {
  let at = 1
  let end = 0
  const closeFlow = (start: number): void => {
    end = bracketEnd(text, Math.max(end, start + 1))
    if (!isClosed(text, end)) giveUp()
  }
  const next = (): unknown => {
    const event = events[at++]
    if (event?.type === EVENT_ID.SCALAR) {
      end = scalarRange(event)[1]
      return scalarOf(text, event)
    }
    if (event?.type !== EVENT_ID.MAPPING && event?.type !== EVENT_ID.SEQUENCE) return giveUp()
    const { type, start, style, anchorStart, tagStart } = event
    const isFlow = style === COLLECTION_STYLE.FLOW
    // `[a: b]` is a map as well, without a bracket that could show its end.
    if (anchorStart !== -1 || tagStart !== -1 || (isFlow && !'{['.includes(text.charAt(start))))
      return giveUp()
    const items: unknown[] = []
    const map: Record<string, unknown> = {}
    while (events[at]?.type !== EVENT_ID.POP) {
      if (type === EVENT_ID.SEQUENCE) items.push(next())
      else {
        const key = textOf(text, events[at++])
        if (Object.hasOwn(map, key)) giveUp()
        map[key] = next()
      }
    }
    at++
    if (isFlow) closeFlow(start)
    return type === EVENT_ID.SEQUENCE ? items : map
  }
  const data = next()
  return at === events.length - 1 ? data : giveUp()
}

/**
 * Reads what nearly every spec is made of: maps, lists and scalars on one line. That is several
 * times faster than reading all of YAML with everything that could be wrong, which decides when
 * 10,000 servers are written. test/unit/spec/plain-yaml.test.ts compares the two.
 * @returns null for any other text, right or wrong: parse-any.ts reads it.
 */
export const readPlainYaml = (text: string): PlainYaml | null => {
  if (unusual.test(text)) return null
  try {
    const events = parseEvents(text, {})
    const [first, root] = events
    if (first?.type !== EVENT_ID.DOCUMENT || first.explicitStart || first.explicitEnd) return null
    if (root?.type !== EVENT_ID.MAPPING) return null
    const data = dataOf(text, events)
    let tree: TextNode | null = null
    return { data, tree: () => (tree ??= plainTree(text, events)) }
  } catch {
    // Whatever it is, the other reader will tell.
    return null
  }
}
