import type { Directive } from '../../../config/nginx/tree.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { Upstream } from '../../../model/cluster.ts'
import { checkUpstreamVariables } from '../upstreams.ts'
import type { Base } from './open.ts'

/** The variable that a directive defines: `map SOURCE VARIABLE`, `set VARIABLE VALUE`. */
const variableOf = ({ args, name }: Directive): string | undefined => {
  if (/^(?:map|geo|split_clients)$/.test(name)) return args[1] ?? args[0]
  return /^(?:set|js_set|js_var|perl_set|auth_request_set|set_by_lua(?:_block|_file)?)$/.test(name)
    ? args[0]
    : undefined
}

const groups = /\(\?P?[<'](\w+)[>']/g

/** The variables that the files define, in lower case, without `$`. */
const definedIn = ({ statements }: Base): ReadonlySet<string> => {
  const names = new Set<string>()
  for (const { directive } of statements) {
    const words = [directive.name, ...directive.args]
    // The groups of an expression are variables.
    for (const word of words)
      for (const [, name = ''] of word.matchAll(groups)) names.add(name.toLowerCase())
    const variable = variableOf(directive)
    if (variable !== undefined && /^\$\w+$/.test(variable))
      names.add(variable.slice(1).toLowerCase())
  }
  return names
}

/** Reports variables of the upstreams that neither nginx nor the files define. */
export const checkBaseVariables = (
  base: Base,
  upstreams: Iterable<Upstream>,
  findings: Findings,
): void => {
  const defined = definedIn(base)
  for (const upstream of upstreams) checkUpstreamVariables(upstream, false, defined, findings)
}
