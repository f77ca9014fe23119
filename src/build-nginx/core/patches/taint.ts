import type { DryRun } from './dry-run.ts'
import { type ByteText, splitLines } from './patch.ts'

/** A struct of nginx's headers that a patch changes: modules built without the patch read it wrongly. */
export interface Taint {
  readonly patch: string
  readonly header: string
  readonly struct: string
}

/** Comments become blanks, lines stay where they are. */
const withoutComments = (text: ByteText): ByteText =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, ' '))

const opening = /\b(?:struct|union|enum)\b\s*(\w*)[^;{}()]*\{/

/** The bodies of the structs of a header by name, with all blanks reduced: what a compiler sees. */
const structsOf = (text: ByteText): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const lines = splitLines(withoutComments(text)).join('')
  let rest = lines
  for (let match = opening.exec(rest); match !== null; match = opening.exec(rest)) {
    let depth = 1
    let end = match.index + match[0].length
    while (end < rest.length && depth > 0) {
      const character = rest.charAt(end)
      if (character === '{') depth++
      else if (character === '}') depth--
      end++
    }
    const body = rest.slice(match.index + match[0].length, end)
    const typedef = /^\s*(\w+)\s*;/.exec(rest.slice(end))?.[1]
    const name = typedef ?? match[1] ?? ''
    found.set(
      name === '' ? `the one of "${body.trim().slice(0, 40)}"` : name,
      body.replace(/\s+/g, ' '),
    )
    rest = rest.slice(end)
  }
  return found
}

const changedStructs = (before: ByteText, after: ByteText): readonly string[] => {
  const [old, now] = [structsOf(before), structsOf(after)]
  // A struct that only the patch knows is in nobody's way.
  return [...old].filter(([name, body]) => now.get(name) !== body).map(([name]) => name)
}

/** What of the patches changes the memory layout that modules were compiled for. */
export const taintsOf = ({ results }: DryRun): readonly Taint[] =>
  results.flatMap(({ name, state, files }) =>
    state !== 'applied'
      ? []
      : files
          .filter(({ path, state: own }) => own === 'applied' && path.endsWith('.h'))
          .flatMap(({ path, before, after }) =>
            changedStructs(before ?? '', after ?? '').map((struct) => ({
              patch: name,
              header: path,
              struct,
            })),
          ),
  )
