import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { Frontend, Listener } from '../../model/cluster.ts'
import { listenerKey } from '../../model/network.ts'
import { refusalsOf, sitesOf } from '../sites.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { literalProblems } from './literals.ts'
import type { RefusalView, ServerView, TlsView } from './views.ts'

const socketOf = ({ address }: Listener): string => listenerKey(address)

/** nginx listens on every IPv4 address where only a port stands. */
const written = ({ address }: Listener): string =>
  address.kind === 'inet' && address.host === null ? String(address.port) : formatAddress(address)

/** The sockets that several frontends listen on. */
export const sharedSockets = (frontends: readonly Frontend[]): ReadonlySet<string> => {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const { listeners } of frontends) {
    const own = new Set(listeners.map(socketOf))
    for (const socket of own) (seen.has(socket) ? shared : seen).add(socket)
  }
  return shared
}

/**
 * A frontend without names answers for the hosts that no other one names. nginx takes the first
 * server of a socket for that, so where there are several the word is needed.
 */
export const listenerViews = (
  { listeners, serverNames }: Frontend,
  shared: ReadonlySet<string>,
): ServerView['listeners'] =>
  listeners.map((listener) => ({
    address: written(listener),
    isTls: listener.tls !== null,
    isDefault: serverNames.length === 0 && shared.has(socketOf(listener)),
  }))

/**
 * The first certificate. The protocols always: nginx before 1.27.3 begins with TLS 1.0, and so do
 * the nginx.conf files of distributions.
 */
export const tlsView = (
  listeners: readonly Listener[],
  { knowsTls13 }: Features,
): TlsView | null => {
  const tls = listeners.find((listener) => listener.tls !== null)?.tls
  return tls ? { ...tls, protocols: ['TLSv1.2', ...(knowsTls13 ? ['TLSv1.3'] : [])] } : null
}

const inOneFrontend = ({ listeners }: Frontend): Diagnostic[] => {
  const problems: Diagnostic[] = []
  const tls = listeners.find((listener) => listener.tls !== null)?.tls
  for (const listener of listeners) {
    if (tls && listener.tls) {
      const { certificate, key } = listener.tls
      if (certificate !== tls.certificate || key !== tls.key) {
        problems.push(
          report(
            'nginx-certificates',
            atValue([...listener.path, 'tls']),
            'nginx has one certificate for all listeners of a server',
            'make a frontend of its own for the other certificate',
          ),
        )
      }
      const path = [...listener.path, 'tls']
      problems.push(...literalProblems(certificate, [...path, 'certificate']))
      problems.push(...literalProblems(key, [...path, 'key']))
    }
  }
  return problems
}

/** What answers for the hosts that no frontend names, wherever no frontend is for all of them. */
export const refusalViews = (
  frontends: readonly Frontend[],
  features: Features,
): readonly RefusalView[] =>
  refusalsOf(sitesOf(frontends, socketOf)).map(({ listeners }) => ({
    listeners: listeners.map((listener) => ({
      address: written(listener),
      isTls: listener.tls !== null,
    })),
    tls: tlsView(listeners, features),
  }))

/** `.example.com` stands for two names. */
const namesOf = ({ serverNames }: Frontend): readonly string[] =>
  serverNames.length === 0
    ? ['']
    : serverNames.flatMap((name) => {
        const lower = name.toLowerCase()
        return lower.startsWith('.') ? [lower.slice(1), `*${lower}`] : [lower]
      })

/** Two servers with one name on one socket: nginx warns, and never reaches the second. */
const betweenFrontends = (frontends: readonly Frontend[]): Diagnostic[] => {
  const problems: Diagnostic[] = []
  const owners = new Map<string, Frontend>()
  const protocols = new Map<string, { readonly isTls: boolean; readonly frontend: Frontend }>()
  for (const frontend of frontends) {
    const names = namesOf(frontend)
    for (const listener of frontend.listeners) {
      const socket = socketOf(listener)
      const isTls = listener.tls !== null
      const protocol = protocols.get(socket)
      if (protocol && protocol.isTls !== isTls) {
        problems.push(
          report(
            'nginx-listen',
            atValue(listener.path),
            `${socket} is listened on with TLS in one frontend and without in another ("${protocol.frontend.name}")`,
            'nginx speaks one of them on a socket: give both tls, or neither',
          ),
        )
      }
      protocols.set(socket, protocol ?? { isTls, frontend })
      for (const name of names) {
        const key = `${socket} ${name}`
        const owner = owners.get(key)
        if (owner && owner !== frontend) {
          const what = name === '' ? 'every host name' : `"${name}"`
          problems.push(
            report(
              'nginx-server-name-conflict',
              atValue(listener.path),
              `the frontends "${owner.name}" and "${frontend.name}" both answer for ${what} on ${socket}: nginx would never reach the second`,
              'give them serverNames of their own, or other addresses',
            ),
          )
        }
        owners.set(key, owner ?? frontend)
      }
    }
  }
  return problems
}

export const listenerProblems = (frontends: readonly Frontend[]): readonly Diagnostic[] => [
  ...frontends.flatMap(inOneFrontend),
  ...betweenFrontends(frontends),
]
