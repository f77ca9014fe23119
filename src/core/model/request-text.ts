/**
 * What a text of the spec can contain of a request, as in `{client.address}`. Each has one meaning in
 * nginx, HAProxy and httpd (docs/request-variables.md).
 */
export const requestVariables = [
  'client.address',
  'client.port',
  'request.scheme',
  'request.host',
  'request.method',
  'request.uri',
  'request.path',
  'request.query',
  'request.id',
  'server.port',
  'tls.version',
  'tls.cipher',
  'tls.serverName',
  'tls.client.verify',
  'tls.client.subject',
  'tls.client.issuer',
  'tls.client.serial',
  'tls.client.fingerprint',
] as const

export type RequestVariable = (typeof requestVariables)[number]

export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: RequestVariable }

/** A text with variables of a request. Two parts of text never follow each other. Empty: no text. */
export type RequestText = readonly TextPart[]

const known: ReadonlySet<string> = new Set(requestVariables)

export const isRequestVariable = (name: string): name is RequestVariable => known.has(name)

export const variablesOf = (text: RequestText): readonly RequestVariable[] =>
  text.flatMap((part) => (part.kind === 'variable' ? [part.name] : []))

/** The parts of the text that are no variables. */
export const literalsOf = (text: RequestText): readonly string[] =>
  text.flatMap((part) => (part.kind === 'text' ? [part.text] : []))

/** Without a query, a `Host` header, TLS or a client certificate. */
const emptyInSomeRequests: ReadonlySet<RequestVariable> = new Set([
  'request.query',
  'request.host',
  'tls.version',
  'tls.cipher',
  'tls.serverName',
  'tls.client.subject',
  'tls.client.issuer',
  'tls.client.serial',
  'tls.client.fingerprint',
])

/** Whether the text is empty in some requests. */
export const canBeEmpty = (text: RequestText): boolean =>
  text.every((part) => part.kind === 'variable' && emptyInSomeRequests.has(part.name))
