import { atValue } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import type { InputFile, Inputs } from '../dialects/dialect.ts'
import type { Cluster } from '../model/cluster.ts'
import type { Snippet } from '../model/snippet.ts'
import { withUpstreams } from '../model/with-upstreams.ts'
import { snippetsOf } from './all.ts'
import { report } from './codes.ts'

/** As long as a text in the spec can be. */
const mostBytes = 65_536

/** The files of the snippets of one proxy. */
export const snippetInputs = (
  cluster: Cluster,
  dialect: Snippet['dialect'],
): readonly InputFile[] =>
  snippetsOf(cluster).flatMap((snippet) =>
    snippet.file === null || snippet.dialect !== dialect
      ? []
      : [{ kind: 'file', path: snippet.file, at: atValue([...snippet.path, 'file']) }],
  )

/** null: not text. Line ends become line feeds. */
const textOf = (bytes: Uint8Array): string | null => {
  if (bytes.length > mostBytes) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')
    return /^(?:[^\p{Cc}]|[\n\t])*$/u.test(text) ? text : null
  } catch {
    return null
  }
}

const read = (snippet: Snippet, inputs: Inputs): Snippet => {
  const input = snippet.file === null ? undefined : inputs.get(snippet.file)
  return input instanceof Uint8Array ? { ...snippet, text: textOf(input) } : snippet
}

/** The cluster with the text of the snippets whose files were read. */
export const withSnippetFiles = (cluster: Cluster, inputs: Inputs): Cluster => {
  if (snippetsOf(cluster).every(({ file }) => file === null)) return cluster
  const filled = (snippets: readonly Snippet[]) => snippets.map((one) => read(one, inputs))
  const moved = withUpstreams(cluster, (upstream) => ({
    ...upstream,
    snippets: filled(upstream.snippets),
  }))
  return {
    ...moved,
    snippets: filled(moved.snippets),
    frontends: moved.frontends.map((frontend) => ({
      ...frontend,
      snippets: filled(frontend.snippets),
      locations: frontend.locations.map((location) => ({
        ...location,
        snippets: filled(location.snippets),
      })),
    })),
  }
}

/** Reports the files that were read and are not text. */
export const checkSnippetFiles = (cluster: Cluster, inputs: Inputs, findings: Findings): void => {
  for (const { file, path, text } of snippetsOf(cluster)) {
    if (file === null || text !== null || !inputs.has(file)) continue
    report(
      findings,
      'snippet-file',
      atValue([...path, 'file']),
      `"${file}" is not UTF-8 text of at most 64 KiB`,
      'write the snippet as UTF-8 text without control characters',
    )
  }
}
