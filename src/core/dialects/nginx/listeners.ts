import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { formatAddress } from '../../model/address.ts'
import type { Frontend, Listener } from '../../model/cluster.ts'
import { canonicalHost } from '../../model/network.ts'
import { report } from './codes.ts'
import { literalProblems } from './literals.ts'
import type { ServerView } from './views.ts'

/** As nginx compares listeners: `80`, `*:80` and `0.0.0.0:80` are one. */
const socketOf = ({ address }: Listener): string =>
  formatAddress(
    address.kind === 'unix'
      ? address
      : { ...address, host: address.host === null ? '0.0.0.0' : canonicalHost(address.host) },
  )

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

export const tlsView = ({ listeners }: Frontend): ServerView['tls'] =>
  listeners.find(({ tls }) => tls !== null)?.tls ?? null

const inOneFrontend = ({ listeners }: Frontend): Diagnostic[] => {
  const problems: Diagnostic[] = []
  const sockets = new Set<string>()
  const tls = listeners.find((listener) => listener.tls !== null)?.tls
  for (const listener of listeners) {
    const socket = socketOf(listener)
    if (sockets.has(socket)) {
      problems.push(
        report(
          'nginx-listen',
          atValue(listener.path),
          `${socket} is listened on twice: nginx takes 80, *:80 and 0.0.0.0:80 for the same`,
          'remove one of them',
        ),
      )
    }
    sockets.add(socket)
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
