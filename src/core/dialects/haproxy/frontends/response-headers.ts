import type { Frontend } from '../../../model/cluster.ts'
import type { HttpSettings } from '../../../model/http-settings.ts'
import { mayBeHttps } from '../../../model/may-be-https.ts'
import { formatText } from '../quote.ts'
import { type Rule, rule } from '../rules.ts'

const headerRule = (
  action: 'set-header' | 'add-header' | 'del-header',
  name: string,
  value: string | null,
): Rule =>
  rule({ responseHeader: { action, name, format: value === null ? null : formatText(value) } })

/** Also for responses of HAProxy itself. */
export const responseHeaderRules = ({ responseHeaders }: HttpSettings): readonly Rule[] =>
  responseHeaders === null
    ? []
    : [
        ...responseHeaders.set.map(({ name, value }) => headerRule('set-header', name, value)),
        ...responseHeaders.add.map(({ name, value }) => headerRule('add-header', name, value)),
        ...responseHeaders.remove.map((name) => headerRule('del-header', name, null)),
      ]

/** Strict-Transport-Security in responses over HTTPS, as a trusted proxy says it. */
export const hstsRules = (frontend: Frontend): readonly Rule[] => {
  const { clientAddress, hsts } = frontend
  if (hsts === null || !mayBeHttps(frontend)) return []
  const isHttps =
    clientAddress === null
      ? ['{', 'ssl_fc', '}']
      : ['{', 'var(txn.scheme)', '-m', 'str', 'https', '}']
  return [{ ...headerRule('set-header', 'Strict-Transport-Security', hsts), conditions: isHttps }]
}
