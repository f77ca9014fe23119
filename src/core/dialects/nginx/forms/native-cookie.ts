import { atValue, type Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { report } from '../codes.ts'
import type { Features } from '../features.ts'
import { literalProblems } from '../literals.ts'
import { seconds } from '../units.ts'
import { expiresProblems, modeProblems } from './cookie-problems.ts'
import type { Form, FormInput } from './form.ts'
import { nativeForm } from './native.ts'

const attributes = (affinity: StickyCookieAffinity): string[] => {
  const { cookie, expires, domain, cookiePath, httpOnly, secure, sameSite } = affinity
  const args = [cookie]
  if (expires !== null) args.push(`expires=${expires === 'max' ? 'max' : seconds(expires.ms)}`)
  if (domain !== null) args.push(`domain=${domain}`)
  args.push(`path=${cookiePath}`)
  if (httpOnly) args.push('httponly')
  if (secure) args.push('secure')
  if (sameSite !== null) args.push(`samesite=${sameSite}`)
  return args
}

const refusals = (affinity: StickyCookieAffinity, features: Features): Diagnostic[] => {
  const problems = [...expiresProblems(affinity), ...modeProblems(affinity, features.label)]
  if (affinity.sameSite !== null && features.sticky?.sameSite === false) {
    problems.push(
      report(
        'nginx-cookie-attribute',
        atValue([...affinity.path, 'sameSite']),
        `the sticky of ${features.label} has no samesite`,
        'it came with release 1.19.4 of nginx',
      ),
    )
  }
  // Angie reads attributes as text with variables, nginx does not.
  if (features.flavor === 'angie')
    problems.push(...literalProblems(affinity.cookiePath, [...affinity.path, 'path']))
  return problems
}

/** `sticky cookie`: nginx sets a cookie of its own that holds the route. */
export const nativeCookie = ({ affinity, features }: FormInput<StickyCookieAffinity>): Form =>
  nativeForm(
    affinity,
    features,
    () => refusals(affinity, features),
    () => ({ maps: [], block: { stickyCookie: attributes(affinity) } }),
  )
