import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import { methodsOf, placeOf } from '../view.ts'

/** `sticky` and `jvm_route` wrap the method that was set before them; a later method overwrites both. */
export const balanceAfterSticky: NginxRule = ({ upstreams }, findings) => {
  for (const { node, name } of upstreams) {
    const affinity = node.children.find((child) => /^(?:sticky|jvm_route)$/.test(child.name))
    if (affinity === undefined) continue
    const after = node.children.slice(node.children.indexOf(affinity) + 1)
    const method = after.find((child) =>
      /^(?:ip_hash|hash|least_conn|random|least_time|fair)$/.test(child.name),
    )
    if (method === undefined) continue
    report(
      findings,
      'balance-after-sticky',
      placeOf(method),
      `"${method.name}" replaces "${affinity.name}" in upstream "${name}": sessions do not stay on their server`,
      `write "${method.name}" above "${affinity.name}"`,
    )
  }
}

/** The last method of a block wins. */
export const balanceTwice: NginxRule = ({ upstreams }, findings) => {
  for (const upstream of upstreams) {
    const methods = methodsOf(upstream).filter(({ name }) => name !== 'jvm_route')
    const [first, second] = methods
    if (first === undefined || second === undefined || first.name === second.name) continue
    report(
      findings,
      'balance-twice',
      placeOf(second),
      `"${second.name}" replaces "${first.name}" in upstream "${upstream.name}"`,
      `remove "${first.name}" or "${second.name}"`,
    )
  }
}
