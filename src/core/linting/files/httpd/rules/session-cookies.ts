import { knownSessionCookie } from '../../../../model/session-cookie.ts'
import { report } from '../../codes.ts'
import type { HttpdRule } from '../../rule.ts'
import { placeOfWord, setAffinityCookies } from '../view.ts'

/** `Header add Set-Cookie "JSESSIONID=.%{BALANCER_WORKER_ROUTE}e"`: two cookies of one name in a response. */
export const httpdCookieKnown: HttpdRule = (file, findings) => {
  for (const { name, statement, word } of setAffinityCookies(file)) {
    const known = knownSessionCookie(name)
    if (known === null) continue
    report(
      findings,
      'affinity-cookie-known',
      placeOfWord(file, statement, word),
      `${name} is the session cookie of ${known.title}: httpd sets it to the name of a server`,
      'choose a name that the application does not use, such as ROUTEID',
    )
  }
}
