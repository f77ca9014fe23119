import type { Frontend } from '../../model/cluster.ts'
import { type RequestText, type RequestVariable, variablesOf } from '../../model/request-text.ts'
import { requestTextsOf } from '../../model/request-texts.ts'
import type { Features } from './context.ts'
import { formatText } from './quote.ts'
import { explained, type Rule, setVariable } from './rules.ts'
import { hostSample } from './variables.ts'

/** `client.address` is read where it is used, because rules change the source of a request. */
type Stored = Exclude<RequestVariable, 'client.address'>

const variableNames: Readonly<Record<Stored, string>> = {
  'client.port': 'txn.client_port',
  'request.scheme': 'txn.scheme',
  'request.host': 'txn.request_host',
  'request.method': 'txn.request_method',
  'request.uri': 'txn.request_uri',
  'request.path': 'txn.request_path',
  'request.query': 'txn.request_query',
  'request.id': 'txn.request_id',
  'server.port': 'txn.server_port',
  'tls.version': 'txn.tls_version',
  'tls.cipher': 'txn.tls_cipher',
  'tls.serverName': 'txn.tls_server_name',
  'tls.client.verify': 'txn.client_verify',
  'tls.client.subject': 'txn.client_subject',
  'tls.client.issuer': 'txn.client_issuer',
  'tls.client.serial': 'txn.client_serial',
  'tls.client.fingerprint': 'txn.client_fingerprint',
}

type Sampled = Exclude<Stored, 'request.uri' | 'request.scheme' | 'tls.client.verify'>

/** The form of RFC 2253, as nginx and httpd write names. */
const nameFormat = '(,0,rfc2253)'

const samples: Readonly<Record<Sampled, string>> = {
  'client.port': 'src_port',
  'request.host': hostSample,
  'request.method': 'method',
  'request.path': 'path',
  'request.query': 'query',
  'request.id': 'uuid(),regsub(-,,g)',
  'server.port': 'dst_port',
  'tls.version': 'ssl_fc_protocol',
  'tls.cipher': 'ssl_fc_cipher',
  'tls.serverName': 'ssl_fc_sni',
  'tls.client.subject': `ssl_c_s_dn${nameFormat}`,
  'tls.client.issuer': `ssl_c_i_dn${nameFormat}`,
  'tls.client.serial': 'ssl_c_serial,hex',
  'tls.client.fingerprint': 'ssl_c_sha1,hex,lower',
}

const isTls = ['{', 'ssl_fc', '}']
/** A session that is resumed counts, too. */
const isVerified = ['{', 'ssl_c_used', '}', '{', 'ssl_c_verify', '0', '}']

const rulesFor = (
  name: Stored,
  { clientAddress }: Frontend,
  { hasPathAndQuery }: Features,
): readonly Rule[] => {
  const variable = variableNames[name]
  switch (name) {
    case 'request.scheme':
      // Of requests from trusted proxies, the rules for the client address store it.
      return clientAddress === null
        ? [setVariable(variable, 'str(http)'), setVariable(variable, 'str(https)', isTls)]
        : []
    case 'request.uri':
      return [setVariable(variable, hasPathAndQuery ? 'pathq' : 'url,regsub(^https?://[^/]*,)')]
    case 'tls.client.verify':
      return [setVariable(variable, 'str(NONE)'), setVariable(variable, 'str(SUCCESS)', isVerified)]
    default:
      return [setVariable(variable, samples[name])]
  }
}

/** What only the access log uses. */
export const loggedSamples = {
  'request.protocol': { variable: 'txn.request_version', sample: 'req.ver' },
  'request.userAgent': { variable: 'txn.user_agent', sample: 'req.fhdr(user-agent)' },
  'request.referer': { variable: 'txn.referer', sample: 'req.fhdr(referer)' },
} as const

/** Stores the values that the texts of a frontend use, before other rules change the request. */
export const requestVariableRules = (frontend: Frontend, features: Features): readonly Rule[] => {
  const used = new Set(requestTextsOf(frontend).flatMap(variablesOf))
  const fields = frontend.accessLog?.fields ?? null
  return explained(
    `values of the request for ${fields === null ? 'headers' : 'headers and the access log'}`,
    [
      ...[...used].flatMap((name) =>
        name === 'client.address' ? [] : rulesFor(name, frontend, features),
      ),
      ...Object.entries(loggedSamples).flatMap(([field, { variable, sample }]) =>
        fields?.some((each) => each === field) === true ? [setVariable(variable, sample)] : [],
      ),
    ],
  )
}

export const sampleOf = (name: RequestVariable): string =>
  name === 'client.address' ? 'src' : `var(${variableNames[name]})`

/** The text as a log-format string. */
export const requestFormat = (text: RequestText): string =>
  text
    .map((part) => (part.kind === 'text' ? formatText(part.text) : `%[${sampleOf(part.name)}]`))
    .join('')
