import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair, visit } from 'yaml'
import { isReference, isSecretKey } from '../secrets/keys.ts'
import { mergeSpans, type Span } from '../secrets/spans.ts'

const spanOf = (node: unknown): Span | null => {
  const range = (node as Node | null)?.range
  return range ? [range[0], range[1]] : null
}

/** A comment after a secret often contains an older secret. */
const withRemark = (text: string, [start, end]: Span): Span => {
  const remark = /^[ \t,}\]]*#[^\n]*/.exec(text.slice(end, end + 1024))
  return [start, remark ? end + remark[0].length : end]
}

interface Found {
  readonly spans: Span[]
  /** Names of the anchors that secrets refer to: the anchored values are secret too. */
  readonly aliases: Set<string>
}

const keyText = ({ key }: Pair): string | null => (isScalar(key) ? String(key.value) : null)

/** From after the colon, so that an anchor or a tag before the value is included. */
const valueSpan = (text: string, { key, value }: Pair): Span | null => {
  const [, keyEnd] = spanOf(key) ?? [0, 0]
  const end = spanOf(value)?.[1]
  const lead = /^\s*:\s*/.exec(text.slice(keyEnd, keyEnd + 256))?.[0].length ?? 0
  return end === undefined || end <= keyEnd ? null : [keyEnd + lead, end]
}

const hide = (text: string, pair: Pair, found: Found, depth = 0): void => {
  const { value } = pair
  if (isMap(value) && depth < depthLimit) {
    for (const inner of value.items) {
      const key = keyText(inner)
      const plain = isScalar(inner.value) ? inner.value.value : null
      if (key !== null && isReference(key, plain)) continue
      const span = spanOf(inner.key)
      if (span && key !== 'env' && key !== 'file') found.spans.push(span)
      hide(text, inner, found, depth + 1)
    }
    return
  }
  if (isAlias(value)) found.aliases.add(value.source)
  else if (isCollection(value)) {
    visit(value, {
      Alias: (_, alias) => {
        found.aliases.add(alias.source)
      },
    })
  }
  const span = valueSpan(text, pair)
  if (span) found.spans.push(withRemark(text, span))
}

/** `{ password: one,two }` is a password `one` and a key `two` without a value: the rest of the secret. */
const isNothing = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null)

/** Deeper than any spec: values below are hidden completely. */
const depthLimit = 64

const search = (text: string, node: unknown, found: Found, depth = 0): void => {
  if (depth > depthLimit) {
    const span = spanOf(node)
    if (span) found.spans.push(span)
    return
  }
  if (isSeq(node)) for (const item of node.items) search(text, item, found, depth + 1)
  if (!isMap(node)) return
  let isBehindSecret = false
  for (const pair of node.items) {
    const key = keyText(pair)
    const keySpan = spanOf(pair.key)
    if (key !== null && isSecretKey(key)) {
      isBehindSecret = true
      hide(text, pair, found)
    } else if (isBehindSecret && keySpan && isNothing(pair.value)) found.spans.push(keySpan)
    else search(text, pair.value, found, depth + 1)
  }
}

/** The range of a node does not include its anchor `&name`, which is hidden too. */
const hideAnchors = (root: Node, { spans, aliases }: Found): void => {
  if (aliases.size === 0) return
  visit(root, {
    Node: (_, node) => {
      const span = spanOf(node)
      if (!isAlias(node) && span && aliases.has(node.anchor ?? '')) spans.push(span)
    },
  })
}

const indentAt = (text: string, lineStart: number): number => {
  let at = lineStart
  while (text[at] === ' ' || text[at] === '\t') at++
  return at - lineStart
}

const lineEndAt = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end
}

const indentOf = (text: string, offset: number): number =>
  indentAt(text, text.lastIndexOf('\n', offset - 1) + 1)

/** The end of the line, and of the blank or deeper lines below it. */
const blockEnd = (text: string, offset: number, indent: number): number => {
  let end = lineEndAt(text, offset)
  while (end < text.length) {
    const start = end + 1
    const next = lineEndAt(text, start)
    if (indentAt(text, start) <= indent && text.slice(start, next).trim() !== '') break
    end = next
  }
  return end
}

/** The offset after the closing quote; the offset itself if there is no opening quote. */
const quoteEnd = (text: string, offset: number): number => {
  const quote = text[offset]
  if (quote !== '"' && quote !== "'") return offset
  let at = offset + 1
  while (at < text.length && text[at] !== quote) at += quote === '"' && text[at] === '\\' ? 2 : 1
  return Math.min(text.length, at + 1)
}

const keyLike =
  /(?<![\w.-])(?<key>[\w.-]{1,64})["']?(?:\s{0,64}:|[ \t]{0,64}=|[ \t]{1,64}(?=\S))[ \t]{0,64}/g

/** In a text that is not YAML: everything after a key that looks like the key of a secret, and below it. */
const guess = (text: string): readonly Span[] => {
  const spans: Span[] = []
  const aliases = new Set<string>()
  let hidden = 0
  const blockFrom = (start: number): Span => [start, blockEnd(text, start, indentOf(text, start))]
  for (const found of text.matchAll(keyLike)) {
    if (!isSecretKey(found.groups?.['key'] ?? '')) continue
    const start = found.index + found[0].length
    const behind = text.slice(start, start + 512)
    if (/^\{ *(?:env|file): *[\w./-]+ *(?:[,}\]\r\n]|$)/.test(behind)) continue
    spans.push([start, quoteEnd(text, start)])
    // The deeper lines of a key inside a hidden block are hidden already.
    if (start >= hidden) {
      const block = blockFrom(start)
      spans.push(block)
      hidden = block[1]
    }
    const alias = /^\*([^\s,{}[\]]+)/.exec(behind)?.[1]
    if (alias !== undefined) aliases.add(alias)
  }
  if (aliases.size > 0)
    for (const { 1: anchor = '', index } of text.matchAll(/&([^\s,{}[\]]+)/g))
      if (aliases.delete(anchor)) spans.push(blockFrom(index))
  return spans
}

/**
 * The positions of secrets in the text of a spec, as sorted UTF-16 offsets. No message may show this text.
 * @param root the tree of the YAML reader, possibly incomplete.
 * @param isWhole whether the reader parsed all of the text; otherwise the text itself is searched too.
 */
export const secretSpans = (text: string, root: Node | null, isWhole: boolean): readonly Span[] => {
  const found: Found = { spans: [], aliases: new Set() }
  search(text, root, found)
  if (root) hideAnchors(root, found)
  return mergeSpans(isWhole ? found.spans : [...found.spans, ...guess(text)])
}

/** Every text and number below the secret keys of a spec's data, and possible parts of secrets. No message quotes them. */
export const secretValues = (data: unknown): ReadonlySet<unknown> => {
  const values = new Set<unknown>()
  const collect = (value: unknown, key: string, isSecret: boolean): void => {
    if (typeof value !== 'object' || value === null) {
      if (isSecret && !isReference(key, value) && typeof value !== 'boolean') values.add(value)
      return
    }
    let isBehindSecret = isSecret
    for (const [inner, below] of Object.entries(value)) {
      const isHere = !Array.isArray(value) && isSecretKey(inner)
      if (isBehindSecret && below === null) values.add(inner)
      collect(below, inner, isSecret || isHere)
      isBehindSecret ||= isHere
    }
  }
  collect(data, '', false)
  return values
}
