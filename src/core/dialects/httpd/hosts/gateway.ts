import type { Location } from '../../../model/cluster.ts'
import { scriptOfFolder } from '../../fastcgi.ts'
import type { Context } from '../context.ts'
import { expressionText } from '../quote.ts'
import { literal } from '../values.ts'
import type { VariableView } from './client.ts'

/** ProxyFCGISetEnvIf: a parameter of FastCGI, where the expression holds. */
export interface ParameterView {
  readonly expression: string
  readonly name: string
  /** Text with expressions; null: the parameter of the name, which begins with `!`, is not sent. */
  readonly value: string | null
}

const always = 'true'

const isScheme = (scheme: 'http' | 'https'): string => `reqenv('sessctl-scheme') == '${scheme}'`

/** uwsgi sends all variables of the request: a trusted proxy says which scheme the client used. */
export const variablesOf = (
  { action }: Location,
  believesScheme: boolean,
): readonly VariableView[] =>
  action.kind === 'proxy' && action.upstream.protocol === 'uwsgi' && believesScheme
    ? [
        { expression: isScheme('https'), assignment: 'HTTPS=on' },
        { expression: isScheme('http'), assignment: '!HTTPS' },
      ]
    : []

/**
 * Without these, mod_proxy_balancer would send the whole path as PATH_INFO, and no folder of scripts.
 * A trusted proxy says whether the request of the client came by HTTPS.
 */
export const parametersOf = (
  { action }: Location,
  believesScheme: boolean,
  context: Context,
): readonly ParameterView[] => {
  if (action.kind !== 'proxy' || action.upstream.protocol !== 'fastcgi') return []
  const { documentRoot, path } = action.upstream
  const root = expressionText(literal(documentRoot ?? '', [...path, 'documentRoot'], context))
  const scripts = [
    [always, '%{REQUEST_URI}'],
    ['%{REQUEST_URI} =~ m#/$#', `%{REQUEST_URI}${scriptOfFolder}`],
  ] as const
  const https = [
    [isScheme('https'), 'HTTPS', 'on'],
    [isScheme('http'), '!HTTPS', null],
  ] as const
  return [
    ...scripts.flatMap(([expression, script]) => [
      { expression, name: 'SCRIPT_NAME', value: script },
      { expression, name: 'SCRIPT_FILENAME', value: `${root}${script}` },
    ]),
    ...(root === '' ? [] : [{ expression: always, name: 'DOCUMENT_ROOT', value: root }]),
    { expression: always, name: '!PATH_INFO', value: null },
    { expression: always, name: '!PATH_TRANSLATED', value: null },
    ...(believesScheme
      ? https.map(([expression, name, value]) => ({ expression, name, value }))
      : []),
  ]
}
