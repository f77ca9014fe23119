import type { SpecPath } from '../diagnostics/diagnostic.ts'

/** UTF-16 offsets, the end exclusive. */
export type TextRange = readonly [start: number, end: number]

export interface TextChild {
  /** null for an item of a list. */
  readonly key: TextRange | null
  /** null where nothing is written behind the key. */
  readonly node: TextNode | null
}

/** Where a value of the spec stands in its text. */
export interface TextNode {
  readonly range: TextRange
  readonly kind: 'scalar' | 'flow' | 'block'
  readonly child: (key: string | number) => TextChild | undefined
}

const rangeOf = ({ key, node }: TextChild, isLast: boolean, part: 'key' | 'value') => {
  if (node === null) return key
  // A whole block as a value would underline its first line only: its key says more.
  const saysMore = isLast ? part === 'key' || node.kind === 'block' : node.kind !== 'scalar'
  return saysMore && key !== null ? key : node.range
}

/** Follows the path through the text as far as it is written. */
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
