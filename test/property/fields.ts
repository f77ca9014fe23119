import type { Texts } from './texts.ts'

/** Marks the place of the generated text in harmless values; no other text contains it. */
export const token = 'harmless0'

/** A place of a spec for the user's text, and what sessctl guarantees for it. */
export interface Field {
  readonly name: keyof Texts
  /** Where a refusal has to point: dotted path of the value, or of what holds it. */
  readonly path: string
  /** What to put for a drawn text: not every text has a chance everywhere. */
  readonly wrap: (text: string) => string
  /** A harmless value with which the structure has to be the same; it holds the token. */
  readonly harmless: (text: string) => string
  /** The text in the artifacts at the place of the token, with the harmless value. */
  readonly inner: (text: string) => string
  /** Undoes what is made of the text where it becomes a part of a name. */
  readonly fold: (word: string) => string
  /** What an accepted `$` means to nginx: nothing, as in an expression, or a variable. */
  readonly dollar: 'plain' | 'variable' | 'none'
}

const field = (name: keyof Texts, path: string, more: Partial<Field> = {}): Field => ({
  name,
  path,
  wrap: (text) => text,
  harmless: () => token,
  inner: (text) => text,
  fold: (word) => word,
  dollar: 'none',
  ...more,
})

/** Whether a path ends with a slash matters to what is written. */
const asPath = (before: string): Pick<Field, 'wrap' | 'harmless' | 'inner'> => ({
  wrap: (text) => `${before}/${text}`,
  harmless: (text) => (text.endsWith('/') ? `${before}/${token}/` : `${before}/${token}`),
  inner: (text) => text.replace(/\/$/, ''),
})

const asExpression = (operator: string): Partial<Field> => ({
  wrap: (text) => `${operator} ${text}`,
  harmless: () => `${operator} ${token}`,
  // As in nginx, blanks after the operator are not part of the expression.
  inner: (text) => text.replace(/^ +/, ''),
  // An opening brace means the same with a backslash, and to httpd it is no variable then.
  fold: (word) => word.replaceAll('$\\{', '$\u007b'),
  dollar: 'plain',
})

/** Names reach expressions, and names of variables, which know neither `-`, `.` nor capitals. */
const asName: Pick<Field, 'fold'> = {
  fold: (word) => word.replaceAll(/\\*[-._]+/g, '').toLowerCase(),
}

const web = 'frontends.web'
const app = 'upstreams.tomcats'
const location = `${web}.locations.0`

/** A field for each way a text can get into an artifact. */
export const fields: readonly Field[] = [
  ...['', '= ', '^~ '].map((operator) =>
    field('match', `${location}.match`, { ...asPath(operator), dollar: 'plain' }),
  ),
  ...['~', '~*'].map((operator) => field('match', `${location}.match`, asExpression(operator))),
  field('root', `${location}.root`, { dollar: 'variable' }),
  field('index', `${location}.index`, { dollar: 'variable' }),
  field('serverName', `${web}.serverNames`, {
    dollar: 'plain',
    fold: (word) => word.toLowerCase(),
  }),
  field('serverName', `${web}.serverNames`, {
    wrap: (text) => `~${text}`,
    harmless: () => `~${token}`,
    dollar: 'plain',
  }),
  field('headerName', `${web}.headers`, { dollar: 'plain' }),
  field('header', `${web}.headers`),
  field('clientHeader', `${web}.clientAddress.header`, { dollar: 'plain' }),
  field('accessLog', `${web}.accessLog.path`, { ...asPath('/var'), dollar: 'none' }),
  field('certificate', `${web}.listen.1.tls`, { dollar: 'variable' }),
  field('key', `${web}.listen.1.tls.key`, { dollar: 'variable' }),
  field('hashKey', `${app}.affinity.key`, { dollar: 'variable' }),
  field('balanceKey', `${app}.balance.hash`, { dollar: 'variable' }),
  field('sessionCookie', `${app}.affinity.cookie`, asName),
  field('sessionUrl', `${app}.affinity.url`, asName),
  field('affinityCookie', `${app}.affinity.cookie`),
  field('cookieDomain', `${app}.affinity.domain`),
  field('cookiePath', `${app}.affinity.path`, { ...asPath(''), dollar: 'plain' }),
  field('checkUri', `${app}.check.uri`, asPath('')),
  field('route', `${app}.servers`, asName),
  field('upstream', 'upstreams', asName),
  field('appCookiePath', `${app}.app.cookie.path`, asPath('')),
  // Tomcat's newer cookies know no dot before a domain, which means the same without.
  field('appCookieDomain', `${app}.app.cookie.domain`, {
    fold: (word) => word.replace(/^\./, ''),
  }),
  field('appCookieName', `${app}.app.cookie.name`),
  // A file is named after the path, with `#` between its parts.
  field('context', `${app}.app.context`, {
    ...asPath(''),
    fold: (word) => word.replaceAll('/', '#'),
  }),
]
