import { atKey, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Upstream } from '../../model/cluster.ts'
import { report } from '../codes.ts'
import type { ListingRule } from '../rule.ts'
import { isKeptByEach } from '../spread.ts'

const problemsOf = ({ app, name }: Upstream): readonly Diagnostic[] => {
  if (app.runtime === 'none') return []
  const message =
    app.sessions.store === 'local'
      ? `when a server of "${name}" dies, its sessions are gone: there is no other copy`
      : `while a server of "${name}" is away, its sessions are too: no other server can read them`
  const help = 'name a shared store or replication in app.sessions, if that matters'
  return [report('local-single-copy', atKey(app.path), message, help)]
}

export const localSingleCopy: ListingRule = ({ upstreams }) =>
  upstreams
    .filter((each) => isKeptByEach(each) && each.affinity.method !== 'none')
    .flatMap(problemsOf)
