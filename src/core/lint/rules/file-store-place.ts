import type { SpecPath } from '../../diagnostics/diagnostic.ts'
import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { App } from '../../model/app.ts'
import type { Upstream } from '../../model/cluster.ts'
import type { ListingRule } from '../rule.ts'
import { machineOf } from '../spread.ts'
import { report } from '../store-codes.ts'

interface Folder {
  readonly directory: string
  readonly at: SpecPath
}

/** The folder in which servers are said to share their sessions. */
const sharedFolder = (app: App): Folder | null => {
  if (app.runtime === 'none') return null
  const { sessions } = app
  if (sessions.store !== 'file' && sessions.store !== 'files') return null
  if ('isShared' in sessions && !sessions.isShared) return null
  return sessions.directory === null
    ? null
    : { directory: sessions.directory, at: [...sessions.path, 'directory'] }
}

const isLocal = (directory: string): boolean =>
  !/^(?:\/|[A-Za-z]:[\\/]|\\\\|\$\{catalina\.)/.test(directory) ||
  /^\/(?:tmp|var\/tmp|dev\/shm|run)(?:\/|$)/.test(directory)

/** Servers of one machine share its disk. */
const isOnOneMachine = ({ servers }: Upstream): boolean =>
  new Set(servers.map(({ address }) => machineOf(address))).size < 2

const problemsOf = (upstream: Upstream): readonly Diagnostic[] => {
  const folder = sharedFolder(upstream.app)
  if (folder === null || isOnOneMachine(upstream)) return []
  const { directory, at } = folder
  if (isLocal(directory)) {
    const message = `"${directory}" is another folder on every server`
    const help = 'name the whole path of a network folder'
    return [report('file-store-local', atValue(at), message, help)]
  }
  const message = `"${directory}" must be the same network folder on all servers of "${upstream.name}"`
  const help = 'a database or Redis is faster, and does not hang when the network does'
  return [report('file-store-network', atValue(at), message, help)]
}

export const fileStorePlace: ListingRule = ({ upstreams }) => upstreams.flatMap(problemsOf)
