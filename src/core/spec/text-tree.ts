import { isCollection, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { SpecPath } from '../diagnostics/diagnostic.ts'

/** UTF-16 offsets, the end exclusive. */
export type TextRange = readonly [start: number, end: number]

export interface TextChild {
  /** null for an item of a list. */
  readonly key: TextRange | null
  /** null if the key has no value. */
  readonly node: TextNode | null
}

/** The position of a value of the spec in its text. */
export interface TextNode {
  readonly range: TextRange
  readonly kind: 'scalar' | 'flow' | 'block'
  readonly child: (key: string | number) => TextChild | undefined
}

const nodeRange = (node: unknown): TextRange | null => {
  const range = (node as Node | null)?.range
  return range ? [range[0], range[1]] : null
}

/** Of duplicate keys, the first is used. */
const pairsByKey = ({ items }: YAMLMap): ReadonlyMap<string, Pair> => {
  const pairs = new Map<string, Pair>()
  for (const pair of items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : null
    if (key !== null && !pairs.has(key)) pairs.set(key, pair)
  }
  return pairs
}

/** The positions in a parsed document. The keys of a map are indexed when it is first asked for one. */
export const textTree = (root: Node | null): TextNode | null => {
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
    return pair && { key: nodeRange(pair.key), node: nodeOf(pair.value) }
  }
  const nodeOf = (node: unknown): TextNode | null => {
    const range = nodeRange(node)
    if (range === null) return null
    const kind = !isCollection(node) ? 'scalar' : node.flow === true ? 'flow' : 'block'
    return { range, kind, child: (key) => childOf(node, key) }
  }
  return nodeOf(root)
}

const rangeOf = ({ key, node }: TextChild, isLast: boolean, part: 'key' | 'value') => {
  if (node === null) return key
  // Of a block, only the first line would be underlined: the key is more helpful.
  const saysMore = isLast ? part === 'key' || node.kind === 'block' : node.kind !== 'scalar'
  return saysMore && key !== null ? key : node.range
}

/** The range of the longest part of the path that is in the text. */
export const rangeAt = (
  root: TextNode | null,
  path: SpecPath,
  part: 'key' | 'value',
): TextRange => {
  let node = root
  let found: TextRange | null = null
  for (const [depth, key] of path.entries()) {
    const child = node?.child(key)
    if (child === undefined) break
    found = rangeOf(child, depth === path.length - 1, part) ?? found
    node = child.node
  }
  return found ?? root?.range ?? [0, 1]
}
