import { insideOnly } from '../../src/core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../src/core/pipeline.ts'
import { configOf } from '../support/compile.ts'
import type { Read } from './read.ts'

interface Problems {
  readonly problems: readonly { readonly message: string }[]
}

/**
 * The input as an existing file of a proxy, which is edited by several specs. What is written can be
 * read, and is edited no more.
 */
export const editedBase = (
  target: Readonly<Record<string, { readonly version: string }>>,
  upstreams: readonly object[],
  problemsOf: (bytes: Uint8Array) => Problems,
): Read => {
  const base = 'base.conf'
  const targets = Object.fromEntries(
    Object.entries(target).map(([name, settings]) => [name, { ...settings, base }]),
  )
  const servers = { a: '10.0.0.1:8080', b: '10.0.0.9:8080' }
  const specs = upstreams.map((upstream) => {
    const shop = { servers, ...upstream }
    const spec = { version: 1, name: 'shop', targets, upstreams: { shop } }
    return resolveSpec(readSpec('sessctl.yaml', JSON.stringify(spec)), {})
  })
  return (bytes) => {
    for (const spec of specs) {
      const edit = (text: Uint8Array) => {
        const inputs = insideOnly(new Map([[base, configOf(base, text)]]))
        return compile(spec, inputs, null).artifacts[0]
      }
      const written = edit(bytes)
      if (written === undefined) continue
      const [problem] = problemsOf(written.bytes).problems
      if (problem !== undefined) throw new Error(`the file is damaged: ${problem.message}`)
      if (edit(written.bytes)?.text !== written.text)
        throw new Error('the edited file is edited again')
    }
  }
}
