import { env } from 'node:process'
import { expect } from 'vitest'
import { fc } from '../support/fast-check.ts'
import { type Field, fields } from './fields.ts'
import { outcomeOf, type Property } from './outcome.ts'
import { anyText } from './strings.ts'

/** Of this many specs for each dialect; SESSCTL_PROPERTY_RUNS asks for another number. */
export const runs = Number(env['SESSCTL_PROPERTY_RUNS'] ?? 3_000)

/** Of so many texts for a field, some have to be accepted and some refused. */
const enough = 50

/** Milliseconds: a run that asks for more specs takes longer. */
export const patience = { timeout: 240_000 + runs * 20 }

const shown = (field: Field): string => `${field.path} ${JSON.stringify(field.wrap('…'))}`

/**
 * Any text in any field of any kind of spec is read back as exactly this text, in the structure
 * that a harmless text gives, or refused at its place. fast-check prints seed, path and the
 * smallest text that fails. Every field has to accept some texts, and refuse some.
 */
export const assertProperty = (property: Property): void => {
  const subjects = property.kinds.flatMap((kind) =>
    fields.filter(({ name }) => kind.holds.includes(name)).map((field) => ({ kind, field })),
  )
  const seen = new Map<string, { same: number; refused: number }>()
  const drawn = fc.tuple(fc.integer({ min: 0, max: subjects.length - 1 }), anyText)
  fc.assert(
    fc.property(drawn, ([index, text]) => {
      const subject = subjects[index]
      if (subject === undefined) throw new Error(`no subject ${index}`)
      const { kind, field } = subject
      const outcome = outcomeOf(property, kind, field, text)
      if (outcome.kind === 'broken') {
        const what = `${kind.name}, ${shown(field)}: ${JSON.stringify(field.wrap(text)).slice(0, 200)}`
        throw new Error([what, ...outcome.why.map((line) => line.slice(0, 600))].join('\n'))
      }
      if (property.isHopeless(field)) {
        if (outcome.kind === 'same') throw new Error(`accepted: ${shown(field)}`)
        return
      }
      const counts = seen.get(shown(field)) ?? { same: 0, refused: 0 }
      counts[outcome.kind] += 1
      seen.set(shown(field), counts)
    }),
    { numRuns: runs },
  )
  const oneSided = [...seen].filter(
    ([, { same, refused }]) => same + refused > enough && (same === 0 || refused === 0),
  )
  expect(oneSided, 'fields that accept nothing, or refuse nothing').toEqual([])
}
