import type { Place } from '../diagnostics/diagnostic.ts'
import type { Findings } from '../diagnostics/findings.ts'
import type { Trial } from './changes.ts'
import { report } from './codes.ts'
import type { LeftOut } from './draft.ts'
import { type ContextSource, contextOf, type ImportSource } from './sources.ts'
import type { TomcatFacts } from './tomcat.ts'

const wholeFile = (file: string): Place => ({
  kind: 'file',
  file,
  line: null,
  column: null,
  lineText: null,
})

/** What the spec does not have, and generate leaves as it is. */
export const reportLeftOut = (all: readonly LeftOut[], findings: Findings): void => {
  for (const { at, help: own, message, upstream } of all) {
    if (own !== null) {
      report(findings, 'import-left-out', at, message, own)
      continue
    }
    const what =
      upstream === null
        ? 'there are no upstreams in the spec'
        : `upstream "${upstream}" is not in the spec`
    const help =
      upstream === null
        ? 'write the upstreams into the spec: generate adds them to the file; or into the file, and import it again'
        : 'generate leaves it as it is; change it, and import the file again'
    report(findings, 'import-left-out', at, `${what}: ${message}`, help)
  }
}

/** Files that generate would change. */
export const reportRefused = (
  { changes, errors }: Trial,
  spec: string,
  findings: Findings,
): void => {
  for (const { at, message } of changes)
    report(
      findings,
      'import-refused',
      at,
      `this file cannot be imported: ${message}`,
      'change the file so that generate has nothing to change, or leave it out of the import',
    )
  for (const { at, help, message } of errors) {
    const place = at.kind === 'file' ? at : wholeFile(spec)
    report(findings, 'import-refused', place, message, help)
  }
}

export const reportUnmatched = (unmatched: readonly TomcatFacts[], findings: Findings): void => {
  for (const { at, jvmRoute, ports } of unmatched) {
    const what = jvmRoute === null ? `port ${ports.join(', ')}` : `jvmRoute "${jvmRoute}"`
    const message = `no server of the upstreams has the ${what} of this Tomcat`
    const help = 'name the file at its server in the spec: tomcat: { base: PATH }'
    report(findings, 'import-unmatched', at, message, help)
  }
}

/** A context.xml without its Tomcat. */
export const reportAlone = (
  context: ContextSource,
  sources: readonly ImportSource[],
  findings: Findings,
): void => {
  if (sources.some((each) => each.kind === 'server' && contextOf(each, sources) === context)) return
  const at: Place = { kind: 'file', file: context.file, line: 1, column: null, lineText: null }
  const message = 'no server.xml of the folder of this context.xml is imported'
  report(findings, 'import-refused', at, message, 'name the server.xml of its Tomcat, too')
}

/** A second proxy. */
export const reportSecond = (file: string, findings: Findings): void => {
  const message = 'a spec has the upstreams of one proxy, and a file of another one was given'
  const help = 'name the main file that includes both, or import each alone'
  report(findings, 'import-refused', wholeFile(file), message, help)
}
