import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { PhpApp } from '../../model/app.ts'
import { lifetimeOf } from '../../model/sessions.ts'
import { atLeast } from '../../model/version.ts'
import { sameSites } from '../set-cookie.ts'
import { report } from './codes.ts'

/** PHP reads a cookie `a.b` as `a_b`, and takes a name of digits only for a number. */
const isValidName = (name: string): boolean => !name.includes('.') && !/^\d+$/.test(name)

const isOn = (value: boolean | null): number | null => (value === null ? null : Number(value))

/** The settings of the session cookie and the lifetime; those that the spec does not set are left out. */
export const cookieSettings = (
  { cookie, sessions, version }: PhpApp,
  findings: Findings,
): readonly (readonly [key: string, value: string | number])[] => {
  const { name, path, domain, sameSite, secure, httpOnly, specPath } = cookie
  if (name !== null && !isValidName(name)) {
    const message = `PHP does not find its session in a cookie "${name}"`
    const help = 'use letters, digits, "_" and "-", with at least one letter'
    report(findings, 'php-cookie', atValue([...specPath, 'name']), message, help)
  }
  for (const [key, text] of Object.entries({ path, domain })) {
    if (text === null || !/\$\{/.test(text)) continue
    const message = `PHP would replace the variable in "${text}"`
    report(findings, 'php-cookie', atValue([...specPath, key]), message, 'remove "$" or the brace')
  }
  if (sameSite !== null && !atLeast(version, '7.3.0')) {
    const message = `PHP ${version.text} cannot send SameSite=${sameSites[sameSite]}`
    const help = 'remove sameSite, or use PHP 7.3 or later'
    report(findings, 'php-cookie', atValue([...specPath, 'sameSite']), message, help)
  }
  const lifetimeMs = lifetimeOf(sessions)
  const settings: readonly (readonly [string, string | number | null])[] = [
    ['session.name', name],
    ['session.cookie_path', path],
    ['session.cookie_domain', domain],
    ['session.cookie_samesite', sameSite === null ? null : sameSites[sameSite]],
    ['session.cookie_secure', isOn(secure)],
    ['session.cookie_httponly', isOn(httpOnly)],
    ['session.gc_maxlifetime', lifetimeMs === null ? null : Math.ceil(lifetimeMs / 1000)],
  ]
  return settings.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
}
