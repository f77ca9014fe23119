import {
  type HaproxyLine,
  haproxySections,
  isPlainName,
  readHaproxyLines,
} from '../../../config/haproxy/lines.ts'
import { positionsIn } from '../../../config/text.ts'
import type {
  Problem,
  ReadText,
  Refusal,
  SnippetLanguage,
  Statement,
} from '../../../snippets/language.ts'
import { fieldOf } from './fields.ts'

/** `no option x` and `default option x` are settings of the option. */
const withoutPrefix = (words: readonly string[]): readonly string[] =>
  (words[0] === 'no' || words[0] === 'default') && words.length > 1 ? words.slice(1) : words

/** HAProxy continues no line: who writes a backslash at the end of one means something else. */
const isContinued = (text: string, { end, start }: HaproxyLine): boolean => {
  let from = end
  while (from > start && text.charAt(from - 1) === '\\') from--
  return (end - from) % 2 === 1
}

/** A snippet, or sections with their lines below them. */
const read = (text: string): ReadText => {
  const { lines, problems } = readHaproxyLines(text, false)
  const positionOf = positionsIn(text)
  const refused: Problem[] = problems.map(({ at, message }) => ({
    line: positionOf(at).line,
    message,
  }))
  const root: Statement[] = []
  let section: Statement[] | null = null
  for (const one of lines) {
    const { args: rest, line, name: first } = one
    const isPlain = isPlainName(text, one)
    if (isContinued(text, one)) refused.push({ line, message: 'the line ends with a backslash' })
    if (!isPlain || first.startsWith('.')) {
      const message = isPlain
        ? `"${first}" is a directive of the whole file`
        : 'the keyword of the line contains quotes, escapes or variables'
      refused.push({ line, message })
    } else if (haproxySections.has(first)) {
      const children: Statement[] = []
      root.push({ name: first, args: rest, line, children })
      section = children
    } else {
      const [name = '', ...args] = withoutPrefix([first, ...rest])
      ;(section ?? root).push({ name, args, line, children: [] })
    }
  }
  return { statements: root, problems: refused }
}

const routes = new Set([
  ...['balance', 'hash-type', 'hash-balance-factor', 'hash-preserve-affinity', 'cookie'],
  ...['dynamic-cookie-key', 'stick', 'stick-table', 'use-server', 'server', 'server-template'],
  ...['force-persist', 'ignore-persist', 'persist', 'dispatch', 'appsession'],
])
const routingOptions = new Set([
  'transparent',
  'persist',
  'redispatch',
  'http_proxy',
  'prefer-last-server',
])

const code = /^(lua-.*|program|external-check|insecure-fork-wanted|module-load|module-path)$/

const sectionHelp = 'remove it: write the section in a file of its own, and start HAProxy with both'

const affinity = (why: string, help: string): Refusal => ({ code: 'snippet-affinity', why, help })

const refusalOf: SnippetLanguage['refusalOf'] = ({ args, name }) => {
  const [first = ''] = args
  if (haproxySections.has(name))
    return { code: 'snippet-conflict', why: 'begins a section of its own', help: sectionHelp }
  if (code.test(name) || (name === 'option' && first === 'external-check'))
    return {
      code: 'snippet-code',
      why: 'loads or runs programs',
      help: 'remove it, or write it in a file that HAProxy reads first',
    }
  if (routes.has(name))
    return affinity(
      'changes how servers are chosen: it would replace the affinity',
      'remove it, and set "affinity", "balance" or "servers" of the upstream',
    )
  if (name === 'option' && routingOptions.has(first))
    return affinity(
      `${first} changes which server receives a request`,
      'remove it, and set "affinity" or "nextUpstream" of the upstream',
    )
  if (name === 'option' && (first === 'forwardfor' || first === 'originalto'))
    return {
      code: 'snippet-conflict',
      why: `${first} adds to the forwarding headers that sessctl sets`,
      help: 'remove it, and use the field "clientAddress"',
    }
  if (name === 'use_backend' || name === 'default_backend')
    return affinity(
      'sends requests past the locations of the spec',
      'remove it, and write a location with "upstream"',
    )
  if (
    /^http-(request|response)$/.test(name) &&
    /^(set|del|replace)-header$|^replace-value$/.test(first)
  ) {
    const header = args[1]?.toLowerCase()
    if (header === 'cookie' || header === 'set-cookie')
      return affinity(
        `${first} changes the cookies that affinity reads and sets`,
        'remove it, or change the cookies in the application',
      )
  }
  return null
}

/** Keywords that a section can have several times, with different first arguments. */
const repeatable =
  /^(option|timeout|errorfile|errorloc.*|stats|tune\..*|setenv|presetenv|log|bind|acl|capture|compression|http-check|tcp-check)$/
/** Keywords that a section can have any number of times. */
const rules =
  /^(http-(request|response|after-response)|tcp-(request|response)|redirect|filter|acl|log)$/

const keyOf = ({ args, line, name }: Statement): string => {
  if (name === 'acl') return `acl ${args[0] ?? ''}`
  if (name === 'http-request' && /^(set|add|del|replace)-(header|value)$/.test(args[0] ?? ''))
    return `http-request header ${args[1]?.toLowerCase() ?? ''}`
  if (rules.test(name)) return `${name} ${line}`
  return repeatable.test(name) ? `${name} ${args[0] ?? ''}` : name
}

const variablesOf = ({ args }: Statement): readonly string[] =>
  args.flatMap((word) => {
    const [, name] = /^set-var(?:-fmt)?\(([^),]+)/.exec(word) ?? []
    return name === undefined ? [] : [name]
  })

export const haproxySnippets: SnippetLanguage = {
  dialect: 'haproxy',
  label: 'HAProxy',
  read,
  refusalOf,
  keyOf,
  variablesOf,
  fieldOf: ({ args, name }) => fieldOf([name, ...args].join(' ')),
  isReplacedBelow: () => false,
}
