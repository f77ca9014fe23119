import type { Findings } from '../../../diagnostics/findings.ts'
import { formatAddress } from '../../../model/address.ts'
import type { TomcatApp } from '../../../model/app.ts'
import type { TomcatRedisSessions } from '../../../model/sessions.ts'
import { checkRedisClient, hostAndPort, type RedisAbilities } from '../../redis-limits.ts'
import { xmlNode } from '../xml/write.ts'
import { noParts, type StoreParts } from './parts.ts'
import { environmentProperties, referenceTo, reportLiteral } from './secrets.ts'

const classes = 'com.bluejeans.tomcat.redissessions'

const abilities: RedisAbilities = {
  modes: ['single', 'sentinel'],
  username: false,
  tls: null,
  database: true,
  sockets: false,
}

/** tomcat-redis-session-manager: one value in Redis for each session. */
export const tomcatRedisStore = (
  app: TomcatApp,
  { use }: TomcatRedisSessions,
  findings: Findings,
): StoreParts => {
  if (use === null) return noParts
  const path = [...use.path, 'password']
  const remedy = 'use store: redisson, which supports it'
  checkRedisClient(use, 'tomcat-redis-session-manager', abilities, remedy, findings)
  reportLiteral(use.password, path, findings)
  const password = referenceTo(use.password, `${use.name}_PASSWORD`)
  return {
    ...noParts,
    valves: [xmlNode('Valve', [['className', `${classes}.RedisSessionHandlerValve`]])],
    manager: xmlNode('Manager', [
      ['className', `${classes}.RedisSessionManager`],
      ...(use.mode === 'sentinel'
        ? ([
            ['sentinelMaster', use.master],
            ['sentinels', use.addresses.map(formatAddress).join(',')],
          ] as const)
        : hostAndPort(use)),
      ['database', String(use.database)],
      ['password', password.text],
    ]),
    properties: environmentProperties(use.password, path, app, findings),
    secrets: password.secrets,
  }
}
