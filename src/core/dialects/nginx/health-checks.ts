import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Check } from '../../model/check.ts'
import type { Upstream } from '../../model/cluster.ts'
import { aliveClasses, matchName, reportAnswers } from './check-answers.ts'
import { report } from './codes.ts'
import { duration, isWholeSeconds } from './durations.ts'
import type { Features } from './features.ts'

/** Of the configuration of an upstream. */
interface Pinning {
  /** `proxy_pass` gets the upstream from a variable. */
  readonly isVariable: boolean
  /** The module that ignores upstream_check; null: none. */
  readonly ignoresChecks: string | null
}

/** The `check` directive of upstream_check and Tengine. */
export interface CheckView {
  readonly params: readonly string[]
  /** The request; null: a TCP connection. */
  readonly send: string | null
  /** Classes of status codes that pass. */
  readonly alive: readonly string[]
}

const hasCheckModule = ({ modules }: Features): boolean => modules.has('upstream_check')

const headerLines = ({ headers, host }: Check): readonly string[] => [
  ...(host === null ? [] : [`Host: ${host}`]),
  ...headers.map(({ name, value }) => `${name}: ${value}`),
]

/** Its interval is in milliseconds. */
export const checkView = ({ check }: Upstream, features: Features): CheckView | null => {
  if (check === null || !hasCheckModule(features)) return null
  const { intervalMs, timeoutMs, rise, fall, uri, method, port } = check
  const type = uri === null ? 'tcp' : 'http'
  const params = [
    ...[`interval=${intervalMs}`, `rise=${rise}`, `fall=${fall}`],
    ...(timeoutMs === null ? [] : [`timeout=${timeoutMs}`]),
    `type=${type}`,
  ]
  return {
    params: port === null ? params : [...params, `port=${port}`],
    send:
      uri === null
        ? null
        : [`${method} ${uri} HTTP/1.0`, ...headerLines(check), '', ''].join('\r\n'),
    alive: aliveClasses(check),
  }
}

/** Parameters of `health_check` of NGINX Plus, which is written in the location. */
export const healthCheckParams = (
  upstream: Upstream,
  features: Features,
  { isVariable }: Pick<Pinning, 'isVariable'>,
): readonly string[] | null => {
  const { check } = upstream
  if (check === null || features.flavor !== 'nginx-plus' || isVariable) return null
  const { intervalMs, rise, fall, uri, port } = check
  const match = matchName(upstream)
  return [
    `interval=${duration(intervalMs)}`,
    `passes=${rise}`,
    `fails=${fall}`,
    ...(uri === null ? [] : [`uri=${uri}`]),
    ...(port === null ? [] : [`port=${port}`]),
    ...(match === null ? [] : [`match=${match}`]),
  ]
}

const checkInPlus = (check: Check, isVariable: boolean, findings: Findings): void => {
  if (isVariable) {
    report(
      findings,
      'nginx-check-passive',
      atKey(check.path),
      '"health_check" does not work with maps: it needs the name of an upstream in "proxy_pass", not a variable',
      'leave via out',
    )
    return
  }
  if (!isWholeSeconds(check.intervalMs) || check.intervalMs === 0) {
    report(
      findings,
      'nginx-duration',
      atValue([...check.path, 'interval']),
      'the interval of health checks in NGINX Plus is a whole number of seconds, at least 1',
      'write whole seconds, such as 3s',
    )
  }
  if (check.uri === null) {
    report(
      findings,
      'nginx-check-uri',
      atKey(check.path),
      'NGINX Plus checks with an HTTP request: without "uri" it requests "/", and a server that answers with an error is considered unhealthy',
      'write uri, such as /health',
    )
  }
}

export const checkHealthChecks = (
  { check }: Upstream,
  features: Features,
  { isVariable, ignoresChecks }: Pinning,
  findings: Findings,
): void => {
  if (check === null) return
  if (features.flavor === 'nginx-plus' || hasCheckModule(features))
    reportAnswers(check, features, findings)
  if (features.flavor === 'nginx-plus') {
    checkInPlus(check, isVariable, findings)
  } else if (!hasCheckModule(features)) {
    report(
      findings,
      'nginx-check-passive',
      atKey(check.path),
      `${features.label} has no active health checks: it only counts failed requests (maxFails, failTimeout)`,
      'use NGINX Plus, the module upstream_check or HAProxy',
    )
  } else if (check.intervalMs === 0) {
    report(
      findings,
      'nginx-duration',
      atValue([...check.path, 'interval']),
      'the interval of health checks must not be 0',
      'write a time, such as 3s',
    )
  } else if (ignoresChecks !== null) {
    report(
      findings,
      'nginx-check-pinned',
      atKey(check.path),
      `${ignoresChecks} ignores the results of upstream_check: pinned requests are still sent to an unhealthy server until they fail there`,
      'set maxFails and failTimeout of the servers, which apply to pinned requests',
    )
  }
}
