import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { StickyCookieAffinity } from '../../../model/affinity.ts'
import { atLeast } from '../../../model/version.ts'
import { report } from '../codes.ts'
import { duration } from '../durations.ts'
import type { Features } from '../features.ts'
import { serverDirective, stateOf, upstreamBlock } from '../upstream-block.ts'
import { checkExpires, checkMode } from './cookies.ts'
import {
  type Implementation,
  singleBlock,
  type UpstreamConfiguration,
  type UpstreamContext,
} from './implementation.ts'
import { hashCapabilities } from './methods.ts'

const flagsOf = ({ httpOnly, secure, sameSite }: StickyCookieAffinity): string[] => [
  ...(httpOnly ? ['httponly'] : []),
  ...(secure ? ['secure'] : []),
  ...(sameSite === null ? [] : [`samesite=${sameSite}`]),
]

/** The userid directives. */
const useridView = (affinity: StickyCookieAffinity) => {
  const { cookie, cookiePath, domain, expires } = affinity
  return {
    cookie,
    path: cookiePath,
    domain,
    expires: expires === null || expires === 'max' ? expires : duration(expires.ms),
    flags: flagsOf(affinity),
  }
}

export type UseridView = ReturnType<typeof useridView>

const configure = (
  affinity: StickyCookieAffinity,
  { upstream, features, zone }: UpstreamContext,
): UpstreamConfiguration => {
  const block = {
    ...upstreamBlock(upstream, features, zone),
    // One of the two is empty: the id from the client, or the id that is being set.
    hash: { key: '$uid_got$uid_set', consistent: true },
    servers: upstream.servers.map((server) => serverDirective(server, stateOf(server))),
  }
  return { ...singleBlock(block), userid: useridView(affinity) }
}

/** Works without any module: `userid` gives each client an id, and `hash` maps ids to servers. */
export const userid = (affinity: StickyCookieAffinity, features: Features): Implementation => ({
  via: 'maps',
  title: '"userid" with "hash"',
  missing: null,
  capabilities: hashCapabilities,
  check: (findings) => {
    checkExpires(affinity, findings)
    checkMode(affinity, features.label, findings)
    if (flagsOf(affinity).length === 0 || atLeast(features.base, '1.19.3')) return
    const key = affinity.httpOnly ? 'httpOnly' : affinity.secure ? 'secure' : 'sameSite'
    report(
      findings,
      'nginx-cookie-attribute',
      atValue([...affinity.path, key]),
      `${features.label} cannot set attributes of its own cookies`,
      'use nginx 1.19.3 or later (userid_flags)',
    )
  },
  configure: (context) => configure(affinity, context),
})
