import { atKey } from '../../diagnostics/diagnostic.ts'
import { report } from '../codes.ts'
import type { Rule } from '../rule.ts'
import { hashKeyOf, localTomcats } from '../tomcat-sessions.ts'

/** nginx variables that stay the same for one client from request to request. */
const ofClient =
  /\$\{?(remote_addr|binary_remote_addr|realip_remote_addr|proxy_protocol_addr|remote_user|cookie_|http_|ssl_client_|ssl_session_id|arg_)/

const remedy = 'write affinity: { method: jvm_route }, or keep the sessions in a shared store'

export const localWithoutAffinity: Rule = (cluster) =>
  localTomcats(cluster).flatMap((upstream) => {
    const { affinity, servers, app } = upstream
    const key = hashKeyOf(upstream)
    const isAlone = servers.filter(({ state }) => state === 'up').length < 2
    if (isAlone || (key === null ? affinity.method !== 'none' : ofClient.test(key))) return []
    const spread =
      key === null
        ? 'each request may go to another server'
        : `"${key}" is another one with every page`
    return [
      report(
        'local-without-affinity',
        atKey(affinity.path),
        `sessions live in one Tomcat ${app.version.text} only, but ${spread}`,
        remedy,
      ),
    ]
  })
