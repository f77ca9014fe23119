import { report } from '../../codes.ts'
import type { NginxRule } from '../../rule.ts'
import { placeOf } from '../view.ts'

/** `jvm_route $cookie_JSESSIONID|sessionid`: Tomcat writes `;jsessionid=` into URLs. */
export const urlNameMismatch: NginxRule = ({ upstreams }, findings) => {
  for (const { node } of upstreams) {
    const route = node.children.find(({ name }) => name === 'jvm_route')
    const [argument = ''] = route?.args ?? []
    const [, cookie, url] = /^\$cookie_(\w+)\|(\w+)$/.exec(argument) ?? []
    if (route === undefined || cookie === undefined || url === undefined) continue
    // Another cookie name is the name in URLs, too.
    if (cookie.toUpperCase() !== 'JSESSIONID' || url.toLowerCase() === 'jsessionid') continue
    const word = route.directive.words[1]
    const end = word?.end ?? 0
    const written = route.source.text.slice(end - url.length, end)
    const text = 'write |jsessionid; affinity by cookie works with both'
    const edit = { start: end - url.length, end, text: 'jsessionid' }
    report(
      findings,
      'url-name-mismatch',
      placeOf(route, 0),
      `Tomcat writes ";jsessionid=…" into URLs, but the balancer reads ";${url}=…"`,
      written === url ? { text, edits: [edit] } : text,
    )
  }
}
