import { formatAddress } from '../../../model/address.ts'
import type { TomcatRedisSessions } from '../../../model/sessions.ts'
import type { RedisStore } from '../../../model/store.ts'
import { redisLimits } from '../../redis-limits.ts'
import type { Instance } from '../instance.ts'
import { element, noParts, type StoreParts } from './parts.ts'
import { fromEnvironment, literalOf, referenceTo, textProblems } from './secrets.ts'

const classes = 'com.bluejeans.tomcat.redissessions'

type Place = readonly (readonly [name: string, value: string | null])[]

const placeOf = ({ mode, addresses, master }: RedisStore): Place => {
  if (mode === 'sentinel') {
    return [
      ['sentinelMaster', master],
      ['sentinels', addresses.map(formatAddress).join(',')],
    ]
  }
  const [address] = addresses
  return address?.kind === 'inet'
    ? [
        ['host', address.host],
        ['port', String(address.port)],
      ]
    : []
}

/** tomcat-redis-session-manager: the whole session in one value of Redis, read once a request. */
export const tomcatRedisStore = ({ app }: Instance, { use }: TomcatRedisSessions): StoreParts => {
  if (use === null) return noParts
  const password = referenceTo(use.password, `${use.name}_PASSWORD`)
  const path = [...use.path, 'password']
  const environment = fromEnvironment([{ secret: use.password, path }], app)
  return {
    ...noParts,
    valves: [element('Valve', [['className', `${classes}.RedisSessionHandlerValve`]])],
    manager: element('Manager', [
      ['className', `${classes}.RedisSessionManager`],
      ...placeOf(use),
      ['database', String(use.database)],
      ['password', password.text],
    ]),
    properties: environment.properties,
    secrets: password.secrets,
    diagnostics: [
      ...redisLimits(
        use,
        'tomcat-redis-session-manager',
        {
          modes: ['single', 'sentinel'],
          username: false,
          tls: false,
          database: true,
          sockets: false,
        },
        'use store: redisson, which can',
      ),
      ...environment.diagnostics,
      ...textProblems([{ text: literalOf(use.password), path }]),
    ],
  }
}
