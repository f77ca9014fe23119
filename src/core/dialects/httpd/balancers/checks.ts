import { atValue } from '../../../diagnostics/diagnostic.ts'
import { notFollowed } from '../../../fields.ts'
import type { Check, StatusRange } from '../../../model/check.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { speaksHttp } from '../../../model/protocol.ts'
import { regexText } from '../../regular-expressions.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { literal, secondsOf } from '../values.ts'

export interface CheckView {
  readonly method: 'TCP' | 'GET' | 'HEAD' | 'OPTIONS'
  /** The whole parameter: quotes count at the beginning of a word only. */
  readonly uri: string | null
  readonly interval: string
  readonly rise: number
  readonly fall: number
  /** `hcexpr=NAME`; null: every status below 400 passes. */
  readonly expression: string | null
}

/** A ProxyHCExpr directive. */
export interface CheckExpressionView {
  readonly name: string
  readonly expression: string
}

const longestCheckUri = 63
/** mod_watchdog's clock ticks so often. */
const shortestInterval = 100

const statusTest = ({ from, to }: StatusRange): string =>
  `(%{REQUEST_STATUS} -ge ${from} && %{REQUEST_STATUS} -le ${to})`

/** A regular expression between slashes: a slash in it ends it, escaped or not. */
const textTest = (text: string): string =>
  `hc('body') =~ /${regexText(text).replaceAll('/', '\\x2f')}/`

/** Checks speak HTTP only: servers of other protocols are connected to. */
const uriOf = ({ check, ...upstream }: Upstream): string | null =>
  speaksHttp(upstream) ? (check?.uri ?? null) : null

const reportUnfollowed = (upstream: Upstream, check: Check, { findings }: Context): void => {
  const { closesOnDown, downIntervalMs, headers, host, method, path, port, text, timeoutMs } = check
  const say = (isSet: boolean, key: string, why: string, help: string | null = null): void => {
    if (isSet) notFollowed(findings, [...path, key], 'httpd', why, help)
  }
  say(
    check.uri !== null && !speaksHttp(upstream),
    'uri',
    `the servers speak ${upstream.protocol}, and its checks are HTTP: it checks that they accept connections`,
  )
  say(host !== null, 'host', 'httpd sends the host of the server')
  say(headers.length > 0, 'headers', 'httpd sends no further headers')
  say(timeoutMs !== null, 'timeout', 'httpd uses timeouts.connect and timeouts.read')
  say(port !== null, 'port', 'httpd checks the port that it sends requests to')
  say(downIntervalMs !== null, 'downInterval', 'httpd has one interval for all states')
  say(closesOnDown, 'onDown', 'httpd lets requests end', 'leave onDown out')
  say(
    text !== null && method !== 'GET',
    'expect',
    'httpd reads the body of answers to GET only',
    'write method: GET',
  )
}

/** The expression of an upstream that expects something; null: none. */
export const checkExpressionOf = (
  upstream: Upstream,
  context: Context,
): CheckExpressionView | null => {
  const { check, name } = upstream
  if (check === null || uriOf(upstream) === null) return null
  const { method, path, statuses, text } = check
  const body =
    text === null || method !== 'GET'
      ? []
      : [textTest(literal(text, [...path, 'expect', 'text'], context))]
  if (statuses === null && body.length === 0) return null
  const status = (statuses ?? [{ from: 200, to: 399 }]).map(statusTest).join(' || ')
  return { name: `check-${name}`, expression: [`(${status})`, ...body].join(' && ') }
}

/** The active check of all servers of an upstream. */
export const checkOf = (upstream: Upstream, context: Context): CheckView | null => {
  const { check } = upstream
  if (check === null) return null
  const { intervalMs, rise, fall, method, path } = check
  const uri = uriOf(upstream)
  context.modules.add('proxy_hcheck')
  reportUnfollowed(upstream, check, context)
  if (intervalMs < shortestInterval) {
    report(
      context.findings,
      'httpd-duration',
      atValue([...path, 'interval']),
      `httpd needs at least ${shortestInterval} ms between health checks`,
      'write a duration such as 3s',
    )
  }
  secondsOf(intervalMs, [...path, 'interval'], context)
  if (uri !== null && uri.length > longestCheckUri) {
    report(
      context.findings,
      'httpd-check-uri',
      atValue([...path, 'uri']),
      `the URI of health checks has ${uri.length} bytes, httpd takes at most ${longestCheckUri}`,
      'shorten it',
    )
  }
  return {
    method: uri === null ? 'TCP' : method,
    uri: uri === null ? null : `hcuri=${literal(uri, [...path, 'uri'], context)}`,
    interval: `${intervalMs}ms`,
    rise,
    fall,
    expression: checkExpressionOf(upstream, context)?.name ?? null,
  }
}
