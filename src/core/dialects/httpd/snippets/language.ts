import type { HttpdToken } from '../../../config/httpd/lines.ts'
import {
  type HttpdConfig,
  type HttpdDirective,
  readHttpdConfig,
} from '../../../config/httpd/tree.ts'
import { positionsIn } from '../../../config/text.ts'
import type {
  Problem,
  ReadText,
  Refusal,
  SnippetLanguage,
  Statement,
} from '../../../snippets/language.ts'
import { fieldOf } from './fields.ts'

const statement = ({ args, block, line, name }: HttpdDirective): Statement => ({
  name,
  args,
  line,
  children: block?.children.map(statement) ?? [],
})

/** The name of a directive or a section, or what closes one, without quotes and variables. */
const plainName = /^(?:<?[A-Za-z]\w*|<\/[A-Za-z]\w*>)$/

const namesOf = (directives: readonly HttpdDirective[]): readonly HttpdToken[] =>
  directives.flatMap(({ block, words }) => [
    ...words.slice(0, 1),
    ...(block === null ? [] : namesOf(block.children)),
  ])

/** What httpd accepts, and what a person would not see in a snippet. */
const unusualIn = ({ directives, text, tokens }: HttpdConfig): readonly Problem[] => {
  const found: Problem[] = []
  const positionOf = positionsIn(text)
  const refuse = (at: number, message: string): void => {
    found.push({ line: positionOf(at).line, message })
  }
  for (const [index, line] of text.split('\n').entries())
    if (line.trim().endsWith('\\'))
      found.push({ line: index + 1, message: 'the line ends with a backslash' })
  const closings = tokens.filter(({ kind }) => kind === 'close')
  for (const { end, start } of [...namesOf(directives), ...closings])
    if (!plainName.test(text.slice(start, end)))
      refuse(start, 'the line does not begin with the name of a directive')
  let end = 0
  for (const token of tokens) {
    if (/[^\s\\]/.test(text.slice(end, token.start)))
      refuse(end, 'httpd ignores the end of the line')
    end = token.end
  }
  if (/[^\s\\]/.test(text.slice(end))) refuse(end, 'httpd ignores the end of the line')
  return found
}

const read = (text: string): ReadText => {
  const config = readHttpdConfig(text, { isTemplate: false })
  const lineOf = positionsIn(text)
  const problems = config.problems.map(({ at, message }) => ({ line: lineOf(at).line, message }))
  return {
    statements: config.directives.map(statement),
    problems: [...problems, ...unusualIn(config)].sort((a, b) => a.line - b.line),
  }
}

const includes =
  /^(include|includeoptional|define|undefine|use|macro|undefmacro|serverroot|accessfilename)$/
const code = /^(loadmodule|loadfile|perl.*|lua.*|python.*|wsgiimportscript)$/
const passes = /^(proxypass|proxypassmatch|balancermember|balancerinherit|rewritemap)$/

/** Keys of ProxySet that sessctl sets. */
const balancing =
  /^(lbmethod|stickysession|stickysessionsep|scolonpathdelim|nofailover|maxattempts|forcerecovery|route|redirect|status)=/i

const affinity = (why: string, help: string): Refusal => ({ code: 'snippet-affinity', why, help })

const refusalOf: SnippetLanguage['refusalOf'] = ({ args, name }) => {
  if (includes.test(name))
    return {
      code: 'snippet-include',
      why: 'uses text that sessctl does not read',
      help: 'write its lines into the snippet',
    }
  if (code.test(name))
    return {
      code: 'snippet-code',
      why: 'loads code',
      help: 'remove it, or write it in the main configuration of httpd',
    }
  if (name === 'virtualhost' || name === 'listen')
    return {
      code: 'snippet-conflict',
      why: 'is written by sessctl',
      help: 'remove it, and use the field "frontends"',
    }
  const past = 'remove it, and write a location with "upstream"'
  if (passes.test(name)) return affinity('sends requests past the affinity of the upstream', past)
  if (name === 'proxy' && args.some((arg) => /^balancer:/i.test(arg)))
    return affinity('changes a balancer', 'remove it, and use the snippet of the upstream')
  if (name === 'sethandler' && args.some((arg) => /^proxy:/i.test(arg)))
    return affinity('sends requests past the affinity of the upstream', past)
  if (
    name === 'rewriterule' &&
    args.slice(2).some((flags) => /\[(?:.*,)?\s*(?:P|proxy)\b/i.test(flags))
  )
    return affinity('proxies requests past the affinity of the upstream', past)
  if (name === 'proxyset' && args.some((arg) => balancing.test(arg)))
    return affinity(
      'changes how servers are chosen: it would replace the affinity',
      'remove it, and set "affinity", "balance" or "nextUpstream" of the upstream',
    )
  return null
}

/** Directives that a section can have several times, with different first arguments. */
const repeatable =
  /^(header|requestheader|setenv|setenvif|setenvifnocase|setenvifexpr|rewriterule|rewritecond|alias|aliasmatch|redirect.*|errordocument|proxypassreverse.*|customlog|require|addtype|addhandler|addoutputfilter.*|expiresbytype|if|elseif|else|ifmodule|ifdefine|ifversion|location|locationmatch|directory|files|filesmatch|proxyset|serveralias|limit|limitexcept|requireall|requireany|requirenone)$/

const keyOf = ({ args, name }: Statement): string => {
  if (!repeatable.test(name)) return name
  // The action comes before the name of the header.
  const part = /^(header|requestheader)$/.test(name)
    ? (/^(always|onsuccess)$/i.test(args[0] ?? '') ? args.slice(1, 3) : args.slice(0, 2)).slice(1)
    : args
  return `${name} ${part.join(' ').toLowerCase()}`
}

/** The environment variable that `NAME=value` or `!NAME` sets. */
const environment = (word: string): string => word.replace(/^!/, '').split('=')[0] ?? ''

const variablesOf = ({ args, name }: Statement): readonly string[] => {
  if (name === 'setenv' || name === 'unsetenv') return args.slice(0, 1)
  if (/^setenvif(nocase)?$/.test(name)) return args.slice(2).map(environment)
  return name === 'setenvifexpr' ? args.slice(1).map(environment) : []
}

export const httpdSnippets: SnippetLanguage = {
  dialect: 'httpd',
  label: 'httpd',
  read,
  refusalOf,
  keyOf,
  variablesOf,
  fieldOf: ({ name, args }) => fieldOf([name, ...args].join(' ')),
  isReplacedBelow: () => false,
}
