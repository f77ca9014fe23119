import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { formatText, sampleArgument } from '../quote.ts'
import { type Rule, rule } from '../rules.ts'
import { type Part, partsOf, requestSample, requestVariables } from '../variables.ts'

/** How a hash key is written: words after `balance`, and what must be computed before. */
export interface HashKey {
  readonly balance: readonly string[]
  readonly rules: readonly Rule[]
}

const keyVariable = 'txn.hash'

/** What HAProxy before 2.6 can hash, and later ones still write this way. */
const oldForms: Readonly<Record<string, readonly string[]>> = {
  request_uri: ['uri', 'whole'],
  uri: ['uri'],
  document_uri: ['uri'],
  host: ['hdr(host)'],
  http_host: ['hdr(host)'],
}

const oldForm = (name: string): readonly string[] | null => {
  const known = oldForms[name]
  if (known) return known
  if (name.startsWith('arg_')) return ['url_param', name.slice('arg_'.length)]
  if (!name.startsWith('http_')) return null
  return [`hdr(${sampleArgument(name.slice('http_'.length).replaceAll('_', '-'))})`]
}

const isSource = (name: string): boolean => name === 'remote_addr' || name === 'binary_remote_addr'

const refuse = (at: SpecPath, message: string, help: string, context: Context): null => {
  report(context.findings, 'haproxy-hash-key', atValue(at), message, help)
  return null
}

const formatOf = (parts: readonly Part[], context: Context): string =>
  parts
    .map((part) =>
      part.kind === 'text'
        ? formatText(part.text)
        : `%[${requestSample(part.name, context.features) ?? ''}]`,
    )
    .join('')

/** A key in nginx variables as HAProxy hashes it; null and a finding where it cannot. */
export const hashKey = (key: string, at: SpecPath, context: Context): HashKey | null => {
  const parts = partsOf(key)
  const { features, version } = context
  for (const part of parts) {
    if (part.kind === 'variable' && requestSample(part.name, features) === null)
      return refuse(
        at,
        `HAProxy has no equivalent of $${part.name}`,
        `known: ${requestVariables}`,
        context,
      )
  }
  const [only] = parts
  const single = parts.length === 1 && only?.kind === 'variable' ? only.name : null
  if (single !== null && isSource(single)) return { balance: ['source'], rules: [] }
  if (!features.hashesAnySample) {
    const form = single === null ? null : oldForm(single)
    if (form !== null) return { balance: form, rules: [] }
    return refuse(
      at,
      `HAProxy ${version.text} cannot hash "${key}"`,
      'one of $request_uri, $uri, $host, $remote_addr, $arg_NAME, $http_NAME; anything from 2.6',
      context,
    )
  }
  if (single !== null)
    return { balance: ['hash', requestSample(single, features) ?? ''], rules: [] }
  return {
    balance: ['hash', `var(${keyVariable})`],
    rules: [rule({ setVariableFormat: { name: keyVariable, format: formatOf(parts, context) } })],
  }
}
