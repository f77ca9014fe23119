import type { Affinity } from '../../../model/affinity.ts'
import type { Location } from '../../../model/cluster.ts'
import { redirectPaths, setCookies } from '../../path-mapping.ts'
import { regexText } from '../../regular-expressions.ts'

/** Arguments of `Header edit`, which give responses the path of the client again. */
export type ResponseEdit = readonly string[]

/** Whether a redirect leads to the host of the request, which is forwarded to the servers. */
const isOwnHost =
  "expr=resp('Location') =~ m,^https?://([^/?#]+), && tolower($1) == tolower(req('Host'))"

/** The cookie that the virtual host adds before sections are applied. */
const ownCookie = (affinity: Affinity): string | null =>
  affinity.method === 'sticky' && affinity.by === 'cookie' ? affinity.cookie : null

/** ProxyPassReverseCookiePath would remove what follows the prefix in the path of a cookie. */
export const responseEdits = ({ action, mapping }: Location): readonly ResponseEdit[] => {
  if (mapping === null || action.kind !== 'proxy') return []
  const { from, to } = mapping
  return [
    ...redirectPaths(mapping).map(({ expression, prefix }) => [
      'Location',
      `^${expression}$`,
      `${prefix}$1`,
    ]),
    ['Location', `^(https?://[^/?#]*)${regexText(to)}`, `$1${from}`, isOwnHost],
    ...setCookies(mapping, ownCookie(action.upstream.affinity)).map(({ expression, prefix }) => [
      'Set-Cookie',
      expression,
      `$1${prefix}$2$3`,
    ]),
  ]
}
