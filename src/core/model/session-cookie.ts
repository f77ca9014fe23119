import { type App, hasSessions } from './app.ts'

type Runtime = Exclude<App['runtime'], 'none'>

interface Runner {
  /** Name in messages of the software that sends the session cookie. */
  readonly title: string
  /** The default name of the session cookie. */
  readonly cookie: string
}

const runners: Readonly<Record<Runtime, Runner>> = {
  tomcat: { title: 'Tomcat', cookie: 'JSESSIONID' },
  spring: { title: 'Spring Session', cookie: 'SESSION' },
  php: { title: 'PHP', cookie: 'PHPSESSID' },
  django: { title: 'Django', cookie: 'sessionid' },
}

/** The cookie of `jvm_route` if neither the affinity nor the application sets one. */
export const servletCookie = runners.tomcat.cookie

/** How the application sends session cookies; null: the runtime is not known, or has no sessions. */
export const runnerOf = (app: App): Runner | null =>
  app.runtime === 'none' || !hasSessions(app) ? null : runners[app.runtime]

/** The session cookie of the application; null: the runtime is not known, or has no sessions. */
export const sessionCookieOf = (app: App): string | null => {
  const runner = runnerOf(app)
  if (runner === null || app.runtime === 'none') return null
  const sent = app.runtime === 'tomcat' ? app.sentCookie : null
  return sent ?? app.cookie.name ?? runner.cookie
}

/** All cookies in which the servers of the application may send a session id. */
export const sessionCookiesOf = (app: App): readonly string[] => {
  const cookie = sessionCookieOf(app)
  if (cookie === null) return []
  // Under Spring Session, the servlet container still has its own sessions.
  return app.runtime === 'spring' ? [cookie, servletCookie] : [cookie]
}

/** The session cookie of a product. */
export interface KnownCookie {
  readonly title: string
  /** The runtime of the product; null: not a runtime of the spec. */
  readonly runtime: Runtime | null
}

const other = (title: string): KnownCookie => ({ title, runtime: null })
const onPhp = (title: string): KnownCookie => ({ title, runtime: 'php' })

const known: ReadonlyMap<string, KnownCookie> = new Map([
  ...Object.entries(runners).map(([runtime, { cookie, title }]): [string, KnownCookie] => [
    cookie,
    {
      title: cookie === servletCookie ? 'Java servlet containers' : title,
      runtime: runtime as Runtime,
    },
  ]),
  ['ASP.NET_SessionId', other('ASP.NET')],
  ['.AspNetCore.Session', other('ASP.NET Core')],
  ['connect.sid', other('Express')],
  ['koa.sess', other('Koa')],
  ['sails.sid', other('Sails')],
  ['laravel_session', onPhp('Laravel')],
  ['ci_session', onPhp('CodeIgniter')],
  ['CAKEPHP', onPhp('CakePHP')],
  ['MoodleSession', onPhp('Moodle')],
  ['_session_id', other('Ruby on Rails')],
  ['rack.session', other('Rack')],
  ['session_id', other('Odoo')],
  ['session', other('Flask')],
  ['beaker.session.id', other('Pyramid')],
  ['CGISESSID', other('Perl')],
  ['PLAY_SESSION', other('Play')],
  ['CFID', other('ColdFusion')],
  ['CFTOKEN', other('ColdFusion')],
])

const knownInLowerCase = new Map([...known].map(([name, of]) => [name.toLowerCase(), of] as const))

/** Names with a part that differs between applications. */
const knownForms: readonly (readonly [form: RegExp, of: KnownCookie])[] = [
  [/^ASPSESSIONID[A-Z]*$/i, other('ASP')],
  [/^_[\w.-]+_session$/i, other('Ruby on Rails')],
  [/^S?SESS[0-9a-f]{32}$/i, onPhp('Drupal')],
]

/** The product whose session cookie has this name, ignoring case; null: not known. */
export const knownSessionCookie = (name: string): KnownCookie | null =>
  known.get(name) ??
  knownInLowerCase.get(name.toLowerCase()) ??
  knownForms.find(([form]) => form.test(name))?.[1] ??
  null
