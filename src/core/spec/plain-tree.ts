import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml'
import type { TextChild, TextNode, TextRange } from './text-node.ts'

type Scalar = Extract<Event, { valueStart: number }>
type Collection = Extract<Event, { start: number }>

/** The end of a flow collection: behind its last item there are only separators and comments. */
export const bracketEnd = (text: string, from: number): number => {
  let at = from
  while (at < text.length && text[at] !== '}' && text[at] !== ']')
    at = (text[at] === '#' ? text.indexOf('\n', at) : at) + 1
  return at + 1
}

export const scalarRange = ({ valueStart, valueEnd, style }: Scalar): TextRange =>
  style === SCALAR_STYLE.PLAIN ? [valueStart, valueEnd] : [valueStart - 1, valueEnd + 1]

const isCollection = (event: Event | undefined): event is Collection =>
  event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE

const scalarAt = (events: readonly Event[], at: number): Scalar => {
  const event = events[at]
  if (event?.type !== EVENT_ID.SCALAR)
    throw new TypeError('a text was read as plain YAML, but is none')
  return event
}

/** The place behind the node at `at`. */
const behind = (events: readonly Event[], at: number): number => {
  let depth = 0
  let next = at
  do {
    const event = events[next++]
    if (isCollection(event)) depth++
    else if (event?.type === EVENT_ID.POP) depth--
  } while (depth > 0)
  return next
}

/**
 * The tree of a text that plain-yaml.ts has read, by the places of its events. It grows where it is
 * looked at: of 10,000 servers, messages speak of few.
 */
export const plainTree = (text: string, events: readonly Event[]): TextNode => {
  /** Where the children begin: keys of a map, items of a list. */
  const childrenOf = (at: number): ReadonlyMap<string, number> => {
    const children = new Map<string, number>()
    const isMap = events[at]?.type === EVENT_ID.MAPPING
    for (let next = at + 1; events[next]?.type !== EVENT_ID.POP; ) {
      const name = isMap ? getScalarValue(text, scalarAt(events, next)) : String(children.size)
      children.set(name, next)
      next = behind(events, isMap ? next + 1 : next)
    }
    return children
  }
  const childAt = (at: number, isMap: boolean): TextChild =>
    isMap
      ? { key: scalarRange(scalarAt(events, at)), node: nodeAt(at + 1) }
      : { key: null, node: nodeAt(at) }
  const collectionAt = ({ type, start, style }: Collection, at: number): TextNode => {
    let known: ReadonlyMap<string, number> | null = null
    const children = () => (known ??= childrenOf(at))
    const childFrom = (from: number | undefined): TextChild | undefined =>
      from === undefined ? undefined : childAt(from, type === EVENT_ID.MAPPING)
    const isFlow = style === COLLECTION_STYLE.FLOW
    return {
      kind: isFlow ? 'flow' : 'block',
      // Events do not say where a collection ends.
      get range() {
        const last = childFrom([...children().values()].at(-1))?.node?.range[1] ?? start + 1
        return [start, isFlow ? bracketEnd(text, last) : last] as const
      },
      child: (key) => childFrom(children().get(String(key))),
    }
  }
  /** Each once, for it knows its children from then on. */
  const collections = new Map<number, TextNode>()
  const nodeAt = (at: number): TextNode => {
    const event = events[at]
    if (!isCollection(event))
      return { kind: 'scalar', range: scalarRange(scalarAt(events, at)), child: () => undefined }
    const node = collections.get(at) ?? collectionAt(event, at)
    collections.set(at, node)
    return node
  }
  return nodeAt(1)
}
