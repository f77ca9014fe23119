import type { Variant } from './over-variants.ts'
import type { Stub } from './stubs.ts'

export interface Member {
  /** A stub, or an address as the block has it. */
  readonly at: Stub | string
  readonly id?: string
  /** Parameters that every nginx knows: `weight=2 backup`. */
  readonly more?: string
  /** Parameters of the patched nginx: `max_busy=2 drain`. */
  readonly patched?: string
}

export const addressOf = ({ at }: Member): string => (typeof at === 'string' ? at : at.address)

/**
 * The lines of one server: the route is in the `server` line where nginx is patched, and in a
 * line of its own elsewhere.
 */
export const member = (variant: Variant, server: Member): readonly string[] => {
  const { id, more = '', patched = '' } = server
  const address = addressOf(server)
  if (patched !== '' && !variant.isPatched) throw new Error(`${patched} needs a patched nginx`)
  const own = variant.isPatched && id !== undefined ? ` srun_id=${id}` : ''
  const line = `server ${address}${more && ` ${more}`}${own}${patched && ` ${patched}`};`
  const beside = !variant.isPatched && id !== undefined ? [`srun_id ${id} ${address};`] : []
  return [line, ...beside]
}

/** A stub that has its name for a route. */
export const named = (at: Stub, more = ''): Member => ({ at, id: at.name, more })

export const members = (variant: Variant, servers: readonly (Stub | Member)[]): readonly string[] =>
  servers.flatMap((server) => member(variant, 'held' in server ? named(server) : server))
