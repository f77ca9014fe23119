import { nextBelow, type Random, randomFrom } from '../random.ts'
import { type Cookie, cookieValue, type HashKey, ignoringCase, type Request } from '../request.ts'

/** What nginx needs to give a client an id: it is random here, and a number of the process there. */
export interface Ids {
  readonly random: Random
  /** The cookie of the request before; `$uid_set` is the same for all readers in a request. */
  readonly made: WeakMap<Request, string>
}

export const newIds = (seed: number): Ids => ({ random: randomFrom(seed), made: new WeakMap() })

const idBytes = 16

const isId = (value: string | null): value is string =>
  value !== null && Buffer.from(value.slice(0, 22), 'base64').length === idBytes

/** The value of `$uid_got` and `$uid_set`: four numbers of the id, lowest byte first. */
const logged = (name: string, cookie: string): string => {
  const bytes = Buffer.from(cookie.slice(0, 22), 'base64')
  const words = [0, 4, 8, 12].map((at) =>
    bytes.readUInt32LE(at).toString(16).toUpperCase().padStart(8, '0'),
  )
  return `${name}=${words.join('')}`
}

const newCookie = ({ random }: Ids): string =>
  Buffer.from(Array.from({ length: idBytes }, () => nextBelow(random, 256))).toString('base64')

const gotten = (name: string, { cookies }: Request): string | null => {
  const value = cookieValue(cookies, name, ignoringCase)
  return isId(value) ? value : null
}

const madeFor = (request: Request, ids: Ids): string => {
  const made = ids.made.get(request) ?? newCookie(ids)
  ids.made.set(request, made)
  return made
}

/** The key `$uid_got$uid_set`: one of the two is empty, so that the first request hashes as the next. */
export const useridKey =
  (name: string, ids: Ids): HashKey =>
  (request) =>
    logged(name, gotten(name, request) ?? madeFor(request, ids))

/** The cookie of `userid on`, for a client without one. */
export const useridCookies = (name: string, ids: Ids, request: Request): readonly Cookie[] =>
  gotten(name, request) === null ? [{ name, value: madeFor(request, ids) }] : []
