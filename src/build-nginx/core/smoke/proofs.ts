import { knownModule } from '../sources/known/index.ts'
import type { Proof, Question } from '../sources/known/row.ts'
import type { SmokePorts } from './ports.ts'

export interface NamedProof {
  readonly name: string
  readonly proof: Proof
}

/**
 * The proofs of the modules that were built.
 * @param present names of modules that nginx has in it or loads; a module that only has the name of one in
 * the table is not asked.
 */
export const proofsOf = (
  names: readonly string[],
  present: ReadonlySet<string>,
): readonly NamedProof[] =>
  names.flatMap((name) => {
    const proof = knownModule(name)?.proof ?? null
    return proof !== null && [proof.module, ...proof.needs].every((one) => present.has(one))
      ? [{ name, proof }]
      : []
  })

/** Where a module is asked. */
export const placeOf = (name: string): string => `/sessctl/${name}`

const filled = (line: string, name: string, folder: string, ports: SmokePorts): string => {
  const values: Readonly<Record<string, string>> = {
    // It stands within double quotes in every row.
    folder: folder.replace(/[\\"]/g, '\\$&'),
    one: `${ports.one}`,
    two: `${ports.two}`,
    place: placeOf(name),
  }
  return line.replace(/@(\w+)@/g, (whole, key: string) => values[key] ?? whole)
}

const linesOf =
  (part: 'main' | 'http') =>
  (proofs: readonly NamedProof[], folder: string, ports: SmokePorts): readonly string[] =>
    proofs.flatMap(({ name, proof }) =>
      proof[part].map((line) => filled(line, name, folder, ports)),
    )

export const mainOf = linesOf('main')
export const httpOf = linesOf('http')

const pathOf = (name: string, rest: string): string =>
  rest === '' ? placeOf(name) : `${placeOf(name)}/${rest}`

export const locationsOf = (
  proofs: readonly NamedProof[],
  folder: string,
  ports: SmokePorts,
): readonly string[] =>
  proofs.flatMap(({ name, proof }) =>
    Object.entries(proof.locations).map(([rest, lines]) =>
      [
        `location = ${pathOf(name, rest)} {`,
        ...lines.map((line) => `  ${filled(line, name, folder, ports)}`),
        '}',
      ].join('\n'),
    ),
  )

/** The path and query of a question. */
export const questionPath = (name: string, { path }: Question): string =>
  path.startsWith('?') ? `${placeOf(name)}${path}` : pathOf(name, path)

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** What of a response is not as the module would have made it; null when it is. */
export const wrongIn = (question: Question, answer: Answer | null): string | null => {
  if (answer === null) return 'there is no response'
  const { status, header, body } = question
  if (answer.status !== status) return `the status is ${answer.status} instead of ${status}`
  if (header !== null) {
    const [name, part] = header
    const value = [answer.headers[name] ?? []].flat().join(', ')
    if (!value.includes(part))
      return value === '' ? `there is no header ${name}` : `the header ${name} is "${value}"`
  }
  return body === null || answer.body.includes(body) ? null : `the body has no "${body}"`
}
