import type { HttpdMember } from '../../config/httpd/balancer-lines.ts'
import type { ServerDraft, Values } from '../draft.ts'

const ports: Readonly<Record<string, string>> = { http: '80', https: '443', ajp: '8009' }

/** `http` of `http://a:8080` and of `unix:/run/a.sock|http://localhost/`. */
export const schemeOf = ({ url }: HttpdMember): string =>
  /^(?:unix:[^|]*\|)?([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase() ?? ''

const addressOf = (member: HttpdMember): string => {
  const { url } = member
  const [socket] = /^unix:[^|]+/.exec(url) ?? []
  if (socket !== undefined) return socket
  const place = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/\/$/, '')
  const port = ports[schemeOf(member)]
  return /:\d+$/.test(place) || /[/{<$]/.test(place) || port === undefined
    ? place
    : `${place}:${port}`
}

/** `+N` is drained, `+D` is disabled, `+H` is a hot standby. */
const stateOf = (status: string): string | undefined => {
  if (/d/i.test(status)) return 'down'
  if (/h/i.test(status)) return 'backup'
  return /n/i.test(status) ? 'drain' : undefined
}

/** What a `BalancerMember` says; other parameters stay in the file. */
export const serverOf = (member: HttpdMember): ServerDraft => {
  const given = new Map(member.parameters.map(({ name, value }) => [name, value]))
  const address = addressOf(member)
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? []
  const factor = given.get('loadfactor') ?? ''
  const values: Values = {
    weight: /^[1-9]\d*$/.test(factor) && factor !== '1' ? Number(factor) : undefined,
    state: stateOf(given.get('status') ?? ''),
  }
  return {
    name: null,
    address,
    host: host === undefined || address.startsWith('unix:') ? null : host.replace(/^\[|\]$/g, ''),
    port: host === undefined ? null : Number(port),
    route: given.get('route') ?? null,
    values: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
  }
}
