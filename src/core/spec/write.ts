import {
  Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  Lexer,
  type Node,
  visit,
} from 'yaml'
import type { SpecPath } from '../diagnostics/diagnostic.ts'

/** A comment of a spec that sessctl writes. */
export interface WrittenComment {
  readonly path: SpecPath
  readonly text: string
  /** `above` its key on a line of its own, or `beside` its value. */
  readonly place: 'above' | 'beside'
}

const lineOf = (text: string): string => ` ${text.replaceAll(/[\r\n]+/g, ' ')}`

const joined = (before: string | null | undefined, text: string): string =>
  before === null || before === undefined ? lineOf(text) : `${before}\n${lineOf(text)}`

/** The pair of a map that a path leads to; null: there is none. */
const pairAt = (document: Document, path: SpecPath) => {
  const parent = document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return null
  const key = path.at(-1)
  return parent.items.find((pair) => isScalar(pair.key) && pair.key.value === key) ?? null
}

const addComment = (document: Document, { path, text, place }: WrittenComment): void => {
  const pair = pairAt(document, path)
  if (pair === null || !isScalar(pair.key)) return
  const { key, value } = pair
  if (place === 'beside' && isScalar(value)) value.comment = joined(value.comment, text)
  else key.commentBefore = joined(key.commentBefore, text)
}

const hasComment = (node: Node): boolean => {
  let found = false
  visit(node, (_, each) => {
    found ||= isNode(each) && Boolean(each.comment ?? each.commentBefore)
    return found ? visit.BREAK : undefined
  })
  return found
}

/** Small maps and lists are written on one line. */
const inFlow = (node: Node): boolean =>
  isCollection(node) &&
  !hasComment(node) &&
  node.items.every((item) => {
    const value = isPair(item) ? item.value : item
    return isScalar(value) || (isCollection(value) && value.items.every(isScalar))
  })

/** Of the lexer, without text: the beginning of a document, a scalar, and the end of a block. */
const marks: ReadonlySet<string> = new Set(['\x02', '\x18', '\x1f'])

/** Lists as `[a, b]`: yaml pads lists and maps alike. */
const withoutPadding = (text: string): string => {
  const tokens = [...new Lexer().lex(text)].filter((token) => !marks.has(token))
  return tokens
    .filter(
      (token, index) => token !== ' ' || (tokens[index - 1] !== '[' && tokens[index + 1] !== ']'),
    )
    .join('')
}

/** The text of a spec. Values are written so that YAML reads the same ones. */
export const writeSpec = (
  values: Readonly<Record<string, unknown>>,
  head: string,
  comments: readonly WrittenComment[],
): string => {
  const document = new Document(values)
  document.commentBefore = head
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n')
  for (const comment of comments) addComment(document, comment)
  visit(document, {
    Collection: (_, node, path) => {
      // The upstreams, the servers and the like have a line for each: a diff shows one that is added.
      const keys = path.filter(isPair).map(({ key }) => (isScalar(key) ? key.value : null))
      const hasLines = keys.length <= 1 || (keys.at(-1) === 'servers' && node.items.length > 1)
      if (!hasLines && inFlow(node) && node.items.length > 0) node.flow = true
    },
  })
  return withoutPadding(document.toString({ lineWidth: 0, flowCollectionPadding: true }))
}
