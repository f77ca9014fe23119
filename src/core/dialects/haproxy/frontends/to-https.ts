import type { Frontend } from '../../../model/cluster.ts'
import { httpsPortText, redirectsToHttps } from '../../to-https.ts'
import { type Acl, type Rule, rule } from '../rules.ts'
import { hostSample, uriFormat } from '../variables.ts'
import { pathVariable } from './choices.ts'
import type { Requests } from './requests.ts'

/** ACLs on the scheme as the client or a trusted proxy says it, and the rule that redirects. */
export const toHttpsOf = (frontend: Frontend): Requests => {
  const { clientAddress, name, toHttps } = frontend
  if (toHttps === null || !redirectsToHttps(frontend)) return { acls: [], rules: [] }
  const acl: Acl = {
    name: `${name}:plain`,
    sample: pathVariable,
    method: 'beg',
    isCaseless: false,
    patterns: toHttps.except,
  }
  const isHttp =
    clientAddress === null
      ? ['!{', 'ssl_fc', '}']
      : ['{', 'var(txn.scheme)', '-m', 'str', 'http', '}']
  const isServed = toHttps.except.length === 0 ? [] : [`!${acl.name}`]
  const location = `https://%[${hostSample}]${httpsPortText(frontend)}${uriFormat}`
  const redirect: Rule = rule({ redirect: { code: toHttps.code, location } }, [
    ...isHttp,
    ...isServed,
  ])
  return { acls: isServed.length === 0 ? [] : [acl], rules: [redirect] }
}
