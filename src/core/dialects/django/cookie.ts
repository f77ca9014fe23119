import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { DjangoApp } from '../../model/app.ts'
import { lifetimeOf } from '../../model/sessions.ts'
import { atLeast } from '../../model/version.ts'
import { sameSites } from '../set-cookie.ts'
import { report } from './codes.ts'

/** An assignment; one of the three is not null. */
export interface Assignment {
  readonly name: string
  readonly text: string | null
  readonly number: number | null
  readonly flag: 'True' | 'False' | null
}

const assign = (name: string, value: string | number | boolean | null): readonly Assignment[] =>
  value === null
    ? []
    : [
        {
          name,
          text: typeof value === 'string' ? value : null,
          number: typeof value === 'number' ? value : null,
          flag: typeof value === 'boolean' ? (value ? 'True' : 'False') : null,
        },
      ]

/** 2.1 introduced SESSION_COOKIE_SAMESITE; before 3.1 it had no way to send None. */
const reportSameSite = ({ cookie, version }: DjangoApp, findings: Findings): void => {
  const { sameSite, specPath } = cookie
  if (sameSite === null) return
  const first = sameSite === 'none' ? '3.1' : '2.1'
  if (atLeast(version, first)) return
  report(
    findings,
    'django-version',
    atValue([...specPath, 'sameSite']),
    `Django ${version.text} cannot send SameSite=${sameSites[sameSite]}`,
    `remove sameSite, or use Django ${first} or later`,
  )
}

/** The settings of the session cookie and the lifetime; those that the spec does not set are left out. */
export const cookieAssignments = (app: DjangoApp, findings: Findings): readonly Assignment[] => {
  const { name, path, domain, sameSite, secure, httpOnly } = app.cookie
  const lifetimeMs = lifetimeOf(app.sessions)
  reportSameSite(app, findings)
  return [
    ...assign('SESSION_COOKIE_NAME', name),
    ...assign('SESSION_COOKIE_PATH', path),
    ...assign('SESSION_COOKIE_DOMAIN', domain),
    ...assign('SESSION_COOKIE_SAMESITE', sameSite === null ? null : sameSites[sameSite]),
    ...assign('SESSION_COOKIE_SECURE', secure),
    ...assign('SESSION_COOKIE_HTTPONLY', httpOnly),
    ...assign('SESSION_COOKIE_AGE', lifetimeMs === null ? null : Math.ceil(lifetimeMs / 1000)),
  ]
}
