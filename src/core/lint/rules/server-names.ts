import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../model/cluster.ts'
import { isCatchAll, isLocalName } from '../../model/server-name.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'
import { machineOf } from '../spread.ts'

const catchAlls = ({ path, serverNames }: Frontend): readonly Diagnostic[] =>
  serverNames.flatMap((name, index) => {
    if (!isCatchAll(name)) return []
    const message = `"${name}" is a host name here, and no request asks for it: all others are refused with 421`
    const help = 'leave serverNames out, so that every host is served'
    return [
      report('server-name-catch-all', atValue([...path, 'serverNames', index]), message, help),
    ]
  })

/** Where other machines can connect. */
const isPublic = ({ listeners }: Frontend): boolean =>
  listeners.some(({ address }) => machineOf(address) !== 'localhost')

const localOnly = (frontend: Frontend): readonly Diagnostic[] => {
  const { name, path, serverNames } = frontend
  if (serverNames.length === 0 || !serverNames.every(isLocalName) || !isPublic(frontend)) return []
  const names = serverNames.map((each) => `"${each}"`).join(', ')
  const message = `frontend "${name}" serves ${names} only: requests from other machines ask for another host and are refused with 421`
  const help = 'add the public name, or leave serverNames out, so that every host is served'
  return [report('server-name-local', atKey([...path, 'serverNames']), message, help)]
}

export const serverNames: ListingRule = ({ frontends }) =>
  frontends.flatMap((frontend) => [...catchAlls(frontend), ...localOnly(frontend)])
