import { atValue, type SpecPath } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { type RequestText, type RequestVariable, variablesOf } from '../../../model/request-text.ts'
import { requestTextsOf } from '../../../model/request-texts.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { literal } from '../values.ts'
import type { VariableView } from './client.ts'

/** The virtual host in which a text is written. */
export interface HostPlace {
  readonly frontend: Frontend
  readonly scheme: 'http' | 'https'
  /** The port of its listeners; 0: several, and no text uses it. */
  readonly port: number
}

/** Variables that SetEnvIfExpr sets, by what they contain. */
const stored: Readonly<Partial<Record<RequestVariable, VariableView>>> = {
  'request.host': {
    expression: 'tolower(%{HTTP_HOST}) =~ /^(.*?)[.]?(:[0-9]*)?$/',
    assignment: 'sessctl-host=$1',
  },
  'request.uri': {
    expression: '%{THE_REQUEST} =~ m#^\\S+ (?:https?://[^/? ]*)?(\\S*)#',
    assignment: 'sessctl-uri=$1',
  },
  'request.path': {
    expression: '%{THE_REQUEST} =~ m#^\\S+ (?:https?://[^/? ]*)?([^? ]*)#',
    assignment: 'sessctl-path=$1',
  },
}

/** The variables that the texts of a frontend use. */
export const storedVariables = (frontend: Frontend): readonly VariableView[] =>
  [...new Set(requestTextsOf(frontend).flatMap(variablesOf))].flatMap((name) => stored[name] ?? [])

/** Whether the texts differ between the ports of a frontend. */
export const dependsOnPort = (frontend: Frontend): boolean =>
  requestTextsOf(frontend).flatMap(variablesOf).includes('server.port')

/** In an expression, `%{` begins a variable and `$1` is a group. */
const escaped = (text: string): string => text.replace(/[\\%$]/g, '\\$&')

const ofTls: Readonly<Partial<Record<RequestVariable, string>>> = {
  'tls.version': '%{SSL_PROTOCOL}',
  'tls.cipher': '%{SSL_CIPHER}',
  'tls.serverName': '%{SSL_TLS_SNI}',
  'tls.client.verify': '%{SSL_CLIENT_VERIFY}',
  'tls.client.subject': '%{SSL_CLIENT_S_DN}',
  'tls.client.issuer': '%{SSL_CLIENT_I_DN}',
  'tls.client.serial': '%{SSL_CLIENT_M_SERIAL}',
}

const ofRequest: Readonly<Partial<Record<RequestVariable, string>>> = {
  'client.address': '%{REMOTE_ADDR}',
  'client.port': '%{REMOTE_PORT}',
  'request.host': '%{reqenv:sessctl-host}',
  'request.method': '%{REQUEST_METHOD}',
  'request.uri': '%{reqenv:sessctl-uri}',
  'request.path': '%{reqenv:sessctl-path}',
  'request.query': '%{QUERY_STRING}',
  // As long as those of nginx: 32 hexadecimal digits.
  'request.id': '%{md5:%{reqenv:UNIQUE_ID}}',
}

const expressionOf = (name: RequestVariable, { frontend, scheme, port }: HostPlace): string => {
  if (name === 'request.scheme')
    return frontend.clientAddress === null ? scheme : '%{reqenv:sessctl-scheme}'
  // SERVER_PORT is the port of the Host header.
  if (name === 'server.port') return String(port)
  if (name in ofTls && scheme === 'http') return name === 'tls.client.verify' ? 'NONE' : ''
  return ofRequest[name] ?? ofTls[name] ?? ''
}

/** The text as an expression that yields a text, without `expr=`. */
export const requestExpression = (
  text: RequestText,
  path: SpecPath,
  place: HostPlace,
  context: Context,
): string => {
  const names = variablesOf(text)
  if (names.includes('request.id')) context.modules.add('unique_id')
  if (names.includes('tls.client.fingerprint')) {
    report(
      context.findings,
      'httpd-request-variable',
      atValue(path),
      'httpd has no variable with the fingerprint of a client certificate',
      'use {tls.client.issuer} and {tls.client.serial}, which identify a certificate',
    )
  }
  return text
    .map((part) =>
      part.kind === 'text'
        ? escaped(literal(part.text, path, context))
        : expressionOf(part.name, place),
    )
    .join('')
}
