import { atValue, type Diagnostic, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { Secret } from '../../../model/store.ts'
import { report } from '../codes.ts'
import { features, hasSince } from '../release.ts'
import { isXmlText } from '../xml/write.ts'
import type { EncodedSecret, ExportedSecret, StoreParts } from './parts.ts'

/** A secret as a file of Tomcat's refers to it. */
export interface Reference {
  /** `${NAME}` where the runtime looks it up, the literal where the spec holds one; null: there is none. */
  readonly text: string | null
  readonly secrets: readonly ExportedSecret[]
}

/** As Tomcat, Redisson, Spring and PHP alike write it. */
const placeholder = (name: string): string => ['$', '{', name, '}'].join('')

/** `sessions-db` → `SESSCTL_SESSIONS_DB_PASSWORD`. */
const variableFor = (owner: string): string =>
  `SESSCTL_${owner.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`

/** @param owner names the variable for a secret that is read from a file. */
export const referenceTo = (secret: Secret | null, owner: string): Reference => {
  if (secret === null) return { text: null, secrets: [] }
  if (secret.kind === 'literal') return { text: secret.value, secrets: [] }
  const name = secret.kind === 'env' ? secret.name : variableFor(owner)
  const secrets = secret.kind === 'env' ? [] : [{ name, file: secret.path }]
  return { text: placeholder(name), secrets }
}

/** A secret within a URL. */
export interface UrlReference extends Reference {
  readonly encoded: readonly EncodedSecret[]
}

/** As `referenceTo`; what stands in the URL is percent-encoded, whatever the secret is. */
export const urlReferenceTo = (secret: Secret | null, owner: string): UrlReference => {
  const plain = referenceTo(secret, owner)
  if (secret === null) return { ...plain, encoded: [] }
  if (secret.kind === 'literal')
    return { ...plain, text: encodeURIComponent(secret.value), encoded: [] }
  const name = `${variableFor(owner)}_ENCODED`
  const from = secret.kind === 'env' ? secret.name : variableFor(owner)
  return { ...plain, text: placeholder(name), encoded: [{ name, from }] }
}

const source = 'org.apache.tomcat.util.digester.EnvironmentPropertySource'

type FromEnvironment = Pick<StoreParts, 'properties' | 'diagnostics'>

/** What makes Tomcat look up `${NAME}` in its XML among the environment variables. */
export const fromEnvironment = (
  secrets: readonly { readonly secret: Secret | null; readonly path: SpecPath }[],
  { version }: TomcatApp,
): FromEnvironment => {
  const outside = secrets.filter(({ secret }) => secret !== null && secret.kind !== 'literal')
  if (outside.length === 0) return { properties: [], diagnostics: [] }
  const properties = [['org.apache.tomcat.util.digester.PROPERTY_SOURCE', source]] as const
  if (hasSince(version, features.environmentSource)) return { properties, diagnostics: [] }
  const since = Object.values(features.environmentSource).join(', ')
  return {
    properties,
    diagnostics: outside.map(({ path }) =>
      report(
        'tomcat-secret-source',
        atValue(path),
        `Tomcat ${version.text} cannot read a secret from its environment`,
        `that came with ${since}: name such a release in full`,
      ),
    ),
  }
}

/** Text that Tomcat or Redisson would replace: properties stand between `${` and `}`. */
const replaced = /\$\{/
const allowed = /\$\{catalina\.(?:base|home)\}/g

const textProblem = (text: string, path: SpecPath): Diagnostic | null => {
  if (!isXmlText(text)) {
    const message = 'this text holds a character that no XML file can hold'
    return report('tomcat-store-text', atValue(path), message, 'write it without U+FFFE and U+FFFF')
  }
  if (!replaced.test(text.replaceAll(allowed, ''))) return null
  return report(
    'tomcat-placeholder',
    atValue(path),
    'this text holds a dollar with a brace, behind which Tomcat looks up a property',
    'write it without, or give a secret as { env: NAME }',
  )
}

/**
 * Refuses texts of the user that would not arrive: what XML cannot hold, and placeholders that
 * would be looked up; folders may be Tomcat's own.
 */
export const textProblems = (
  texts: readonly { readonly text: string | null; readonly path: SpecPath }[],
): readonly Diagnostic[] =>
  texts.flatMap(({ text, path }) => (text === null ? [] : (textProblem(text, path) ?? [])))

/** The literal of a secret, for `textProblems`. */
export const literalOf = (secret: Secret | null): string | null =>
  secret?.kind === 'literal' ? secret.value : null
