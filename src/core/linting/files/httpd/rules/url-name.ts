import type { HttpdParameter } from '../../../../config/httpd/balancer-lines.ts'
import type { Remedy } from '../../../../diagnostics/diagnostic.ts'
import { report } from '../../codes.ts'
import type { HttpdRule } from '../../rule.ts'
import { balancersOf, type HttpdFile, placeOfWord, setAffinityCookies, wordOf } from '../view.ts'

const expected = 'jsessionid'

/** Writes the name behind the bar, or the bar and the name; without edits where a variable has it. */
const remedyOf = (file: HttpdFile, sticky: HttpdParameter, url: string | null): Remedy => {
  const text = `write |${expected}; affinity by cookie works with both`
  const { directive, path } = sticky.statement
  const word = directive.words[wordOf(sticky)]
  const source = file.sources.get(path)
  if (word === undefined || source === undefined) return text
  const written = source.text.slice(word.start, word.end)
  // The word may be in quotes.
  const [, quote = ''] = /(["']?)$/.exec(written) ?? []
  const end = word.end - quote.length
  if (!source.text.slice(word.start, end).endsWith(sticky.value)) return text
  return url === null
    ? { text, edits: [{ start: end, end, text: `|${expected}` }] }
    : { text, edits: [{ start: end - url.length, end, text: expected }] }
}

/**
 * `stickysession=JSESSIONID|sessionid`: Tomcat writes `;jsessionid=` into URLs. One name alone is that of
 * both, and httpd compares it with case.
 */
export const httpdUrlNameMismatch: HttpdRule = (file, findings) => {
  const seen = new Set<HttpdParameter>()
  const ofHttpd = new Set(setAffinityCookies(file).map(({ name }) => name))
  for (const sticky of balancersOf(file).flatMap((balancer) => balancer.sticky)) {
    if (seen.has(sticky)) continue
    seen.add(sticky)
    const [, cookie = '', url = null] = /^(\w+)(?:\|(\w*))?$/.exec(sticky.value) ?? []
    if (cookie.toUpperCase() !== 'JSESSIONID' || url === expected) continue
    // affinity-cookie-known reports it.
    if (url === null && ofHttpd.has(cookie)) continue
    report(
      findings,
      'url-name-mismatch',
      placeOfWord(file, sticky.statement, wordOf(sticky)),
      `Tomcat writes ";${expected}=…" into URLs, but the balancer reads ";${url ?? cookie}=…"`,
      remedyOf(file, sticky, url),
    )
  }
}
