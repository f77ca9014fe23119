import { lexNginx } from '../../../config/nginx/lexer.ts'
import { type Directive, readNginxConfig } from '../../../config/nginx/tree.ts'
import type { SnippetLevel } from '../../../model/snippet.ts'
import type { ReadText, Refusal, SnippetLanguage, Statement } from '../../../snippets/language.ts'
import { fieldOf } from './fields.ts'

/** Makes the function that gives the line of an offset, from 1; offsets only grow. */
const lineCounter = (text: string): ((offset: number) => number) => {
  let [line, at] = [1, 0]
  return (offset) => {
    for (let next = text.indexOf('\n', at); next !== -1 && next < offset; ) {
      line++
      at = next + 1
      next = text.indexOf('\n', at)
    }
    return line
  }
}

const read = (text: string): ReadText => {
  const { directives, problems } = readNginxConfig(text, { isTemplate: false })
  const lineOf = lineCounter(text)
  const statement = ({ args, block, name, start }: Directive): Statement => ({
    name,
    args,
    line: lineOf(start),
    children: block?.children.map(statement) ?? [],
  })
  const lineOfProblem = lineCounter(text)
  return {
    statements: directives.map(statement),
    problems: [...problems]
      .sort((a, b) => a.at - b.at)
      .map(({ at, message }) => ({ line: lineOfProblem(at), message })),
  }
}

const passes = /^(proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/
const runsCode =
  /^(load_module|perl|perl_.*|.*_by_lua_block|init_by_lua.*|init_worker_by_lua.*|passenger_.*)$/

/** Directives of an upstream block that choose a server: of nginx, NGINX Plus, Angie, Tengine and modules. */
const methods =
  /^(ip_hash|hash|least_conn|least_time|random|fair|sticky|sticky_.*|jvm_route|session_sticky|consistent_hash|chash|url_hash|ewma|round_robin|srun_id)$/

const ofUpstreams = (name: string): Refusal | null => {
  if (methods.test(name))
    return {
      code: 'snippet-affinity',
      why: 'is a second balancing method: it would replace the affinity',
      help: 'remove it, and set "affinity" or "balance"',
    }
  return name === 'server'
    ? {
        code: 'snippet-affinity',
        why: 'adds a server without a route',
        help: 'remove it, and add the server to "servers"',
      }
    : null
}

/** Blocks that sessctl writes, with their fields. */
const blocks = new Map([
  ['http', 'frontends'],
  ['server', 'frontends'],
  ['location', 'locations'],
  ['upstream', 'upstreams'],
  ['events', null],
])

const refusalOf: SnippetLanguage['refusalOf'] = ({ name, children }, level, within) => {
  // The lines of these blocks are values, not directives.
  if (within.some((block) => /^(map|geo|types|split_clients|match)$/.test(block.name)))
    return name === 'include' ? includes : null
  if (name === 'include') return includes
  if (runsCode.test(name))
    return {
      code: 'snippet-code',
      why: 'runs code when nginx reads its configuration, or is read by another language',
      help:
        name === 'load_module'
          ? 'remove it: load the module in the nginx.conf that includes the generated file'
          : 'remove it',
    }
  if (passes.test(name))
    return {
      code: 'snippet-affinity',
      why: 'sends requests past the affinity of the upstream',
      help: 'remove it, and write a location with "upstream"',
    }
  if (level === 'upstream') return ofUpstreams(name)
  // A stream block has servers and upstreams of its own.
  if (within.some((block) => block.name === 'stream')) return null
  const field = blocks.get(name)
  if (field !== undefined && (children.length > 0 || field !== null))
    return {
      code: 'snippet-conflict',
      why: 'is a block that sessctl writes',
      help: field === null ? 'remove it' : `remove it, and use the field "${field}"`,
    }
  if (level === 'location' && name === 'proxy_set_header')
    return {
      code: 'snippet-conflict',
      why: 'replaces all forwarding headers of the server block in this location',
      help: 'remove it, and use the field "headers"',
    }
  if (level === 'location' && name === 'add_header')
    return {
      code: 'snippet-conflict',
      why: 'replaces all response headers of the server block in this location',
      help: 'remove it, and use the field "responseHeaders"',
    }
  return null
}

const includes: Refusal = {
  code: 'snippet-include',
  why: 'includes a file that sessctl does not read',
  help: 'write its lines into the snippet',
}

/** Directives that a block can have several times, with different first arguments. */
const repeatable =
  /^(set|add_header|add_trailer|proxy_set_header|proxy_hide_header|proxy_pass_header|allow|deny|if|map|geo|split_clients|log_format|access_log|limit_req|limit_req_zone|limit_conn|limit_conn_zone|error_page|rewrite|env|proxy_cache_path|set_real_ip_from|proxy_cookie_.*|proxy_redirect|sub_filter|gzip_.*|types|upstream|server)$/

const keyOf = ({ name, args }: Statement): string =>
  repeatable.test(name) ? `${name} ${args[0]?.toLowerCase() ?? ''}` : name

/** Directives that a block with its own does not inherit from the block around it. */
const replaced =
  /^(add_header|add_trailer|proxy_set_header|proxy_hide_header|proxy_pass_header|proxy_cookie_\w+|proxy_redirect|(fastcgi|uwsgi|scgi)_param|access_log|error_page|allow|deny|limit_req|limit_conn|sub_filter)$/

/** The position of the variable that a directive defines. */
const defined: Readonly<Record<string, 'first' | 'second' | 'last'>> = {
  set: 'first',
  map: 'second',
  geo: 'last',
  split_clients: 'second',
  auth_request_set: 'first',
  js_set: 'first',
}

const variablesOf = ({ name, args }: Statement): readonly string[] => {
  const position = defined[name]
  if (position === undefined) return []
  const variable = position === 'first' ? args[0] : position === 'second' ? args[1] : args.at(-1)
  return variable?.startsWith('$') === true ? [variable.toLowerCase()] : []
}

export const nginxSnippets: SnippetLanguage = {
  dialect: 'nginx',
  label: 'nginx',
  read,
  refusalOf,
  keyOf,
  variablesOf,
  fieldOf: ({ name }: Statement, level: SnippetLevel) =>
    level === 'main' ? null : fieldOf(name, level),
  isReplacedBelow: ({ name }) => replaced.test(name),
}

/** Whether a line of the text continues a quoted word of the line before it. */
export const isInWord = (text: string): ((offset: number) => boolean) => {
  const words = lexNginx(text, false).tokens.filter(
    ({ end, kind, start }) => kind === 'word' && text.slice(start, end).includes('\n'),
  )
  return (offset) => words.some(({ end, start }) => start < offset && offset < end)
}
