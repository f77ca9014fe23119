import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { Secret } from '../../../model/store.ts'
import { report } from '../codes.ts'
import { features, hasSince } from '../release.ts'
import { isXmlText } from '../xml/write.ts'
import type { EncodedSecret, ExportedSecret, StoreParts } from './parts.ts'

/** A secret as a configuration file refers to it. */
export interface Reference {
  /** `${NAME}` for an environment variable, else the literal; null: no secret. */
  readonly text: string | null
  readonly secrets: readonly ExportedSecret[]
}

const placeholder = (name: string): string => ['$', '{', name, '}'].join('')

/** `sessions-db` → `SESSCTL_SESSIONS_DB` */
const variableFor = (owner: string): string =>
  `SESSCTL_${owner.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`

/** @param owner for the name of the variable of a secret in a file. */
export const referenceTo = (secret: Secret | null, owner: string): Reference => {
  if (secret === null) return { text: null, secrets: [] }
  if (secret.kind === 'literal') return { text: secret.value, secrets: [] }
  const name = secret.kind === 'env' ? secret.name : variableFor(owner)
  const secrets = secret.kind === 'env' ? [] : [{ name, file: secret.path }]
  return { text: placeholder(name), secrets }
}

/** As `referenceTo`, for a URL: the secret is percent-encoded. */
export const urlReferenceTo = (
  secret: Secret | null,
  owner: string,
): Reference & { readonly encoded: readonly EncodedSecret[] } => {
  const plain = referenceTo(secret, owner)
  if (secret === null) return { ...plain, encoded: [] }
  if (secret.kind === 'literal')
    return { ...plain, text: encodeURIComponent(secret.value), encoded: [] }
  const name = `${variableFor(owner)}_ENCODED`
  const from = secret.kind === 'env' ? secret.name : variableFor(owner)
  return { ...plain, text: placeholder(name), encoded: [{ name, from }] }
}

/** @returns the system property with which Tomcat reads `${NAME}` from environment variables. */
export const environmentProperties = (
  secret: Secret | null,
  path: SpecPath,
  { version }: TomcatApp,
  findings: Findings,
): StoreParts['properties'] => {
  if (secret === null || secret.kind === 'literal') return []
  if (!hasSince(version, features.environmentSource))
    report(
      findings,
      'tomcat-secret-source',
      atValue(path),
      `Tomcat ${version.text} cannot read a secret from an environment variable`,
      `set the full version of a release that can: ${Object.values(features.environmentSource).join(', ')} or later`,
    )
  return [
    [
      'org.apache.tomcat.util.digester.PROPERTY_SOURCE',
      'org.apache.tomcat.util.digester.EnvironmentPropertySource',
    ],
  ]
}

/** Reports a text that XML cannot represent, or in which Tomcat or Redisson replaces a property. */
export const reportText = (text: string | null, path: SpecPath, findings: Findings): void => {
  if (text === null) return
  if (!isXmlText(text)) {
    const message = 'this text contains a character that XML does not allow'
    const help = 'remove U+FFFE and U+FFFF'
    report(findings, 'tomcat-store-text', atValue(path), message, help)
    return
  }
  // A folder may be relative to these two.
  if (!text.replaceAll(/\$\{catalina\.(?:base|home)\}/g, '').includes('${')) return
  report(
    findings,
    'tomcat-placeholder',
    atValue(path),
    'this text contains "${", where Tomcat inserts a property',
    'remove "$" or the brace, or set a secret as { env: NAME }',
  )
}

/** As `reportText`, for a secret that the spec contains. */
export const reportLiteral = (secret: Secret | null, path: SpecPath, findings: Findings): void =>
  reportText(secret?.kind === 'literal' ? secret.value : null, path, findings)
