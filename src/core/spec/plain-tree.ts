import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { TextChild, TextNode, TextRange } from './text-node.ts'

const scalar = (range: TextRange): TextNode => ({ range, kind: 'scalar', child: () => undefined })

/** The end of a flow collection: behind its last item there are only separators and comments. */
export const bracketEnd = (text: string, from: number): number => {
  let at = from
  while (at < text.length && text[at] !== '}' && text[at] !== ']')
    at = (text[at] === '#' ? text.indexOf('\n', at) : at) + 1
  return at + 1
}

type Scalar = Extract<Event, { valueStart: number }>
type Collection = Extract<Event, { start: number }>

export const scalarRange = ({ valueStart, valueEnd, style }: Scalar): TextRange =>
  style === SCALAR_STYLE.PLAIN ? [valueStart, valueEnd] : [valueStart - 1, valueEnd + 1]

/** The tree of a text that plain-yaml.ts has read: events do not say where a collection ends. */
export const plainTree = (text: string, events: readonly Event[]): TextNode => {
  let at = 1
  const collection = (
    { start, style }: Collection,
    last: number,
    child: TextNode['child'],
  ): TextNode =>
    style === COLLECTION_STYLE.FLOW
      ? { kind: 'flow', range: [start, bracketEnd(text, last)], child }
      : { kind: 'block', range: [start, last], child }

  const next = (): TextNode => {
    const event = events[at++]
    if (event?.type === EVENT_ID.SCALAR) return scalar(scalarRange(event))
    if (event?.type !== EVENT_ID.MAPPING && event?.type !== EVENT_ID.SEQUENCE)
      throw new TypeError('a text was read as plain YAML, but is none')
    let last = event.start + 1
    const children = new Map<string, TextChild>()
    while (events[at]?.type !== EVENT_ID.POP) {
      const name = events[at]
      const isPair = event.type === EVENT_ID.MAPPING && name?.type === EVENT_ID.SCALAR
      if (isPair) at++
      const node = next()
      const key = isPair ? scalarRange(name) : null
      children.set(isPair ? getScalarValue(text, name) : String(children.size), { key, node })
      last = node.range[1]
    }
    at++
    return collection(event, last, (key) => children.get(String(key)))
  }
  return next()
}
