import { isCollection, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { TextChild, TextNode, TextRange } from './text-node.ts'

const rangeOf = (node: unknown): TextRange | null => {
  const range = (node as Node | null)?.range
  return range ? [range[0], range[1]] : null
}

/** The first of each key counts. */
const pairsByKey = ({ items }: YAMLMap): ReadonlyMap<string, Pair> => {
  const pairs = new Map<string, Pair>()
  for (const pair of items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : null
    if (key !== null && !pairs.has(key)) pairs.set(key, pair)
  }
  return pairs
}

/** The tree of a text that parse.ts has read. What was looked at once is found at once again. */
export const anyTree = (root: Node | null): TextNode | null => {
  const known = new Map<YAMLMap, ReadonlyMap<string, Pair>>()
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    const pairs = known.get(map) ?? pairsByKey(map)
    known.set(map, pairs)
    return pairs.get(key)
  }
  const childOf = (node: unknown, key: string | number): TextChild | undefined => {
    if (isSeq(node)) {
      const item = node.items[Number(key)]
      return item === undefined ? undefined : { key: null, node: nodeOf(item) }
    }
    const pair = isMap(node) ? pairOf(node, String(key)) : undefined
    return pair && { key: rangeOf(pair.key), node: nodeOf(pair.value) }
  }
  const nodeOf = (node: unknown): TextNode | null => {
    const range = rangeOf(node)
    if (range === null) return null
    const kind = !isCollection(node) ? 'scalar' : node.flow === true ? 'flow' : 'block'
    return { range, kind, child: (key) => childOf(node, key) }
  }
  return nodeOf(root)
}
