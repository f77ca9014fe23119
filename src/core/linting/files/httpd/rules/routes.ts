import { report } from '../../codes.ts'
import type { HttpdRule } from '../../rule.ts'
import { activeMembers, balancersOf, placeOfWord, routeOf, wordOf } from '../view.ts'

/** `stickysession` compares the route in the cookie with the `route` of each member. */
export const httpdRouteMissing: HttpdRule = (file, findings) => {
  for (const balancer of balancersOf(file)) {
    const members = activeMembers(balancer)
    if (balancer.sticky.length === 0 || members.length < 2) continue
    for (const member of members) {
      if (routeOf(member) !== null) continue
      report(
        findings,
        'route-missing',
        placeOfWord(file, member.statement),
        `the member ${member.url} of balancer://${balancer.name} has no route: no session stays on it`,
        'add route=ROUTE with the jvmRoute of this server',
      )
    }
  }
}

/** httpd uses the first member with the route. */
export const httpdRouteRepeated: HttpdRule = (file, findings) => {
  for (const balancer of balancersOf(file)) {
    const first = new Map<string, string>()
    for (const member of activeMembers(balancer)) {
      const route = routeOf(member)
      if (route === null) continue
      const other = first.get(route.value)
      first.set(route.value, other ?? member.url)
      if (other === undefined || other === member.url) continue
      report(
        findings,
        'route-repeated',
        placeOfWord(file, member.statement, wordOf(route)),
        `route=${route.value} is also the route of ${other}`,
        'give each server the jvmRoute of its Tomcat',
      )
    }
  }
}
