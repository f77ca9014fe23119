import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { report } from '../codes.ts'
import {
  isRequestVariable,
  type RequestText,
  type RequestVariable,
  requestVariables,
  type TextPart,
} from '../request-text.ts'
import { kindOfVariable } from '../variables.ts'

/** `{{name}}`, which stands for the text `{name}`, or `{name}`. */
const reference = /\{\{([A-Za-z][\w.-]*)\}\}|\{([A-Za-z][\w.-]*)\}/g

/** `$scheme` and `${scheme}` of nginx, `%[src]` of HAProxy, `%{REMOTE_ADDR}s` of httpd. */
const foreign = /\$(?:(\w+)|\{(\w+)\})|%\[([\w.]+)[^\]]*\]|%\{([\w:-]+)\}[a-z]?/g

/** Variables of nginx and of httpd, and sample fetches of HAProxy, with those of a spec. */
const equivalents: Readonly<Record<RequestVariable, string>> = {
  'client.address':
    'remote_addr binary_remote_addr realip_remote_addr proxy_add_x_forwarded_for proxy_protocol_addr src remote_host useragent_ip conn_remote_addr',
  'client.port': 'remote_port realip_remote_port src_port',
  'request.scheme': 'scheme https request_scheme ssl_fc',
  'request.host': 'host http_host server_name req.hdr hdr base',
  'request.method': 'request_method method',
  'request.uri': 'request_uri pathq url',
  'request.path': 'uri document_uri path',
  'request.query': 'args query_string query',
  'request.id': 'request_id unique_id unique-id uuid',
  'server.port': 'server_port dst_port',
  'tls.version': 'ssl_protocol ssl_fc_protocol',
  'tls.cipher': 'ssl_cipher ssl_fc_cipher',
  'tls.serverName': 'ssl_server_name ssl_fc_sni ssl_tls_sni',
  'tls.client.verify': 'ssl_client_verify ssl_c_verify ssl_c_used',
  'tls.client.subject': 'ssl_client_s_dn ssl_client_s_dn_legacy ssl_c_s_dn ssl_client_s_dn_cn',
  'tls.client.issuer': 'ssl_client_i_dn ssl_client_i_dn_legacy ssl_c_i_dn',
  'tls.client.serial': 'ssl_client_serial ssl_c_serial ssl_client_m_serial',
  'tls.client.fingerprint': 'ssl_client_fingerprint ssl_c_sha1',
}

const ours: ReadonlyMap<string, RequestVariable> = new Map(
  requestVariables.flatMap((name) =>
    equivalents[name].split(' ').map((each) => [each, name] as const),
  ),
)

const known = `the variables are ${requestVariables.map((name) => `{${name}}`).join(', ')}`

/** Reports a variable in the syntax of one of the proxies. A `$` before other words is text. */
const checkForeign = (text: string, path: SpecPath, findings: Findings): void => {
  for (const [found, bare, braced, sample, httpd] of text.matchAll(foreign)) {
    const name = (bare ?? braced ?? sample ?? httpd ?? '').toLowerCase()
    const same = ours.get(name)
    const isOfNginx = bare !== undefined || braced !== undefined
    if (isOfNginx && same === undefined && kindOfVariable(name) === null) continue
    report(
      findings,
      'variable-unknown',
      atValue(path),
      `"${found}" is a variable of one proxy only: it would be sent as it is written`,
      same === undefined ? known : `did you mean {${same}}?`,
    )
    return
  }
}

const reportUnknown = (name: string, path: SpecPath, findings: Findings): void => {
  const near = nearest(name, requestVariables)
  report(
    findings,
    'variable-unknown',
    atValue(path),
    `there is no variable {${name}}`,
    near === null
      ? `write {{${name}}} for the text {${name}}; ${known}`
      : `did you mean {${near}}?`,
  )
}

/** The text with neighbouring literal parts as one. */
const joined = (parts: readonly TextPart[]): RequestText => {
  const result: TextPart[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (part.kind === 'text' && last?.kind === 'text')
      result.splice(-1, 1, { kind: 'text', text: last.text + part.text })
    else if (part.kind === 'variable' || part.text !== '') result.push(part)
  }
  return result
}

/** Reads `{client.address}` as a variable and `{{client.address}}` as text; other braces are text. */
export const resolveRequestText = (
  written: string,
  path: SpecPath,
  findings: Findings,
): RequestText => {
  const parts: TextPart[] = []
  const add = (text: string): void => {
    checkForeign(text, path, findings)
    parts.push({ kind: 'text', text })
  }
  let end = 0
  for (const match of written.matchAll(reference)) {
    const [all, escaped, name = ''] = match
    // `${name}` is of nginx, `%{name}` of httpd.
    const before = written[match.index - 1]
    if (escaped === undefined && (before === '$' || before === '%')) continue
    add(written.slice(end, match.index))
    end = match.index + all.length
    if (escaped !== undefined) parts.push({ kind: 'text', text: `{${escaped}}` })
    else if (isRequestVariable(name)) parts.push({ kind: 'variable', name })
    else reportUnknown(name, path, findings)
  }
  add(written.slice(end))
  return joined(parts)
}
