import type { HttpSettings } from '../../../model/http-settings.ts'
import { refusedUpgrade } from '../../upgrades.ts'
import { explained, type Rule, rule } from '../rules.ts'

/** HAProxy forwards upgrades unless their header is removed. */
export const upgradeRules = ({ websocket }: HttpSettings): readonly Rule[] => {
  if (websocket === null) return []
  const isRefused = ['{', 'req.hdr(Upgrade)', '-m', 'sub', '-i', refusedUpgrade, '}']
  return explained(
    websocket
      ? 'connections can be upgraded, but not to clear-text HTTP/2, which would bypass the locations'
      : 'connections are not upgraded',
    [rule({ removeHeader: 'Upgrade' }, websocket ? isRefused : [])],
  )
}
