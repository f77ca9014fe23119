import { isCollection, isScalar, type Node, stringify } from 'yaml'
import type { SpecEdit, SpecPath, TextEdit } from '../diagnostics/diagnostic.ts'

const nodeAt = (root: Node | null, path: SpecPath): unknown => {
  let node: unknown = root
  for (const key of path) {
    if (!isCollection(node)) return undefined
    node = node.get(key, true)
  }
  return node
}

/** A text on one line, in quotes only where YAML would read another value. */
const scalarText = (value: string | boolean): string =>
  stringify(value, { lineWidth: 0, blockQuote: false }).trimEnd()

const isPlain = (written: string): boolean => /^[^\s"'|>&*!{}[\],#][^"'\n{}[\],#]*$/.test(written)

const replacement = (written: string, edit: SpecEdit): string | null => {
  switch (edit.kind) {
    case 'set':
      return scalarText(edit.value)
    case 'quote':
      return isPlain(written) ? `"${written.replaceAll('\\', '\\\\')}"` : null
    case 'unquote': {
      const [, inner = ''] = /^(?:"([^"\\\n]*)"|'[^'\n]*')$/.exec(written) ?? []
      const bare = inner === '' ? written.slice(1, -1) : inner
      return /^["']/.test(written) && isPlain(bare) ? bare : null
    }
  }
}

/**
 * An edit of a value as an edit of the text, which changes the bytes of that value only.
 * @returns null for a value that is not written in one piece on one line, has an anchor or a tag, or
 * comes from an alias.
 */
export const specEdit = (text: string, root: Node | null, edit: SpecEdit): TextEdit | null => {
  const node = nodeAt(root, edit.path)
  if (!isScalar(node) || !node.range || node.anchor !== undefined || node.tag !== undefined)
    return null
  const [start, end] = node.range
  const written = text.slice(start, end)
  if (written === '' || /[\n!&]/.test(written.charAt(0)) || written.includes('\n')) return null
  const replaced = replacement(written, edit)
  return replaced === null ? null : { start, end, text: replaced }
}
