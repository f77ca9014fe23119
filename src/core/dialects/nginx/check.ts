import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Check, Upstream } from '../../model/cluster.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { Part } from './forms/form.ts'
import { isWholeSeconds, seconds } from './units.ts'
import type { CheckView } from './views.ts'

const hasCheckModule = ({ modules }: Features): boolean => modules.has('upstream_check')

/** Tengine's `check`, which counts in milliseconds. */
export const checkView = ({ check }: Upstream, features: Features): CheckView | null => {
  if (check === null || !hasCheckModule(features)) return null
  const { intervalMs, rise, fall, uri } = check
  const type = uri === null ? 'tcp' : 'http'
  return {
    params: [`interval=${intervalMs}`, `rise=${rise}`, `fall=${fall}`, `type=${type}`],
    send: uri === null ? null : `GET ${uri} HTTP/1.0\r\n\r\n`,
  }
}

/** The parameters of NGINX Plus's health_check, which stands in the location. */
export const healthCheck = (
  { check }: Upstream,
  features: Features,
  part: Part,
): readonly string[] | null => {
  if (check === null || features.flavor !== 'nginx-plus' || part.isVariable) return null
  const { intervalMs, rise, fall, uri } = check
  const params = [`interval=${seconds(intervalMs)}`, `passes=${rise}`, `fails=${fall}`]
  return uri === null ? params : [...params, `uri=${uri}`]
}

const plusProblems = (check: Check, part: Part): Diagnostic[] => {
  if (part.isVariable) {
    return [
      report(
        'nginx-check-passive',
        atKey(check.path),
        'health_check needs an upstream with a name of its own: with maps nothing checks actively',
        'leave via out',
      ),
    ]
  }
  const problems: Diagnostic[] = []
  if (!isWholeSeconds(check.intervalMs) || check.intervalMs === 0) {
    problems.push(
      report(
        'nginx-duration',
        atValue([...check.path, 'interval']),
        'NGINX Plus checks every so many whole seconds',
        'such as 3s',
      ),
    )
  }
  if (check.uri === null) {
    problems.push(
      report(
        'nginx-check-uri',
        atKey(check.path),
        'NGINX Plus checks with a request: without uri it asks for "/", and takes an error there for a dead server',
        'write uri, such as /health',
      ),
    )
  }
  return problems
}

/** What is wrong with the active checks of an upstream, or that there are none. */
export const checkProblems = (
  { check }: Upstream,
  features: Features,
  part: Part,
): readonly Diagnostic[] => {
  if (check === null) return []
  if (features.flavor === 'nginx-plus') return plusProblems(check, part)
  if (!hasCheckModule(features)) {
    return [
      report(
        'nginx-check-passive',
        atKey(check.path),
        `${features.label} checks no server actively: it only counts failed requests (maxFails, failTimeout)`,
        'NGINX Plus and the module upstream_check can; HAProxy as well',
      ),
    ]
  }
  if (check.intervalMs === 0) {
    const message = 'a check needs some time between two tries'
    return [report('nginx-duration', atValue([...check.path, 'interval']), message, 'such as 3s')]
  }
  if (part.ignoresChecks === null) return []
  return [
    report(
      'nginx-check-pinned',
      atKey(check.path),
      `${part.ignoresChecks} does not read what upstream_check finds: pinned requests still go to a server that the check took out, until they fail there`,
      'set maxFails and failTimeout for the servers, which pinned requests follow',
    ),
  ]
}
