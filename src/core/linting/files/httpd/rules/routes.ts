import { report } from '../../codes.ts'
import type { HttpdRule } from '../../rule.ts'
import { activeMembers, balancersOf, parameterOf, placeOfWord } from '../view.ts'

/** `stickysession` compares the route in the cookie with the `route` of each member. */
export const httpdRouteMissing: HttpdRule = (file, findings) => {
  for (const balancer of balancersOf(file)) {
    const members = activeMembers(balancer)
    if (balancer.sticky === null || members.length < 2) continue
    for (const member of members) {
      if (parameterOf(member, 'route') !== null) continue
      report(
        findings,
        'route-missing',
        placeOfWord(file, member),
        `the member ${member.args[0] ?? ''} of balancer://${balancer.name} has no route: no session stays on it`,
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
      const route = parameterOf(member, 'route')
      if (route === null) continue
      const other = first.get(route.value)
      first.set(route.value, other ?? member.args[0] ?? '')
      if (other === undefined || other === member.args[0]) continue
      report(
        findings,
        'route-repeated',
        placeOfWord(file, member, route.word),
        `route=${route.value} is also the route of ${other}`,
        'give each server the jvmRoute of its Tomcat',
      )
    }
  }
}

/** `stickysession=JSESSIONID|sessionid`: Tomcat writes `;jsessionid=` into URLs. */
export const httpdUrlNameMismatch: HttpdRule = (file, findings) => {
  for (const { sticky } of balancersOf(file)) {
    const [, cookie = '', url = ''] = /^(\w+)\|(\w+)$/.exec(sticky?.value ?? '') ?? []
    const word = sticky?.directive.words[sticky.word]
    if (sticky === null || word === undefined || cookie.toUpperCase() !== 'JSESSIONID') continue
    if (url.toLowerCase() === 'jsessionid') continue
    const text = 'write |jsessionid; affinity by cookie works with both'
    const start = word.end - url.length
    const isPlain = file.source.text.slice(start, word.end) === url
    report(
      findings,
      'url-name-mismatch',
      placeOfWord(file, sticky.directive, sticky.word),
      `Tomcat writes ";jsessionid=…" into URLs, but the balancer reads ";${url}=…"`,
      isPlain ? { text, edits: [{ start, end: word.end, text: 'jsessionid' }] } : text,
    )
  }
}
