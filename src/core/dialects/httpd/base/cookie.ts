import type { HttpdStatement } from '../../../config/httpd/files.ts'
import type { Upstream } from '../../../model/cluster.ts'
import type { Context } from '../context.ts'
import { cookieOf } from '../hosts/headers.ts'
import { balancerUrl } from '../names.ts'
import { written } from './editing.ts'
import type { Base } from './open.ts'

const all = (statements: readonly HttpdStatement[]): readonly HttpdStatement[] =>
  statements.flatMap((one) => [one, ...all(one.children ?? [])])

/** Whether a directive of the files sets a cookie of this name. */
const isSet = (base: Base, cookie: string): boolean =>
  all(base.files.statements).some(
    ({ args, name }) =>
      name === 'header' &&
      args.some((word) => /^set-cookie$/i.test(word)) &&
      args.some((word) => word.startsWith(`${cookie}=`)),
  )

/** The line that sets the cookie of the affinity, if the files lack one; null: it is not needed. */
export const missingCookie = (base: Base, upstream: Upstream, context: Context): string | null => {
  const { affinity } = upstream
  const cookie = cookieOf(upstream, balancerUrl(upstream), context)
  if (cookie === null || affinity.method !== 'sticky' || affinity.by !== 'cookie') return null
  if (isSet(base, affinity.cookie)) return null
  return written(['Header', 'add', 'Set-Cookie', cookie.value, cookie.condition])
}
