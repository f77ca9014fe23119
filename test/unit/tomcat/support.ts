import type { Diagnostic } from '../../../src/core/diagnostics/diagnostic.ts'
import { Findings } from '../../../src/core/diagnostics/findings.ts'
import type { Page } from '../../../src/core/dialects/dialect.ts'
import { tomcat } from '../../../src/core/dialects/tomcat/index.ts'
import { resolve } from '../../../src/core/model/resolve/index.ts'
import { readSpec } from '../../../src/core/pipeline.ts'
import { encodeText } from '../../../src/core/render/encode-text.ts'
import { createEngine } from '../../../src/core/render/engine.ts'

export interface SpecParts {
  readonly affinity?: string
  readonly servers?: string
  readonly app: string
  readonly listen?: string
  readonly clientAddress?: string
  readonly serverNames?: string
}

/** A spec with two Tomcats. */
export const specOf = (parts: SpecParts): string => `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends:
  web:
    listen: ${parts.listen ?? '[80]'}
${parts.clientAddress === undefined ? '' : `    clientAddress: ${parts.clientAddress}\n`}${parts.serverNames === undefined ? '' : `    serverNames: ${parts.serverNames}\n`}    locations: [{ match: /, upstream: shop }]
upstreams:
  shop:
    affinity: ${parts.affinity ?? '{ method: jvm_route }'}
    servers: ${parts.servers ?? '{ tomcat01: "10.0.0.1:8080", tomcat02: "10.0.0.2:8080" }'}
    app: { runtime: tomcat, ${parts.app} }
`

export interface Written {
  /** By path below `tomcat/`. */
  readonly files: ReadonlyMap<string, string>
  readonly bytes: ReadonlyMap<string, Uint8Array>
  /** `code: message`, in the order of the reports. */
  readonly said: readonly string[]
  readonly codes: readonly string[]
}

/** The pages and diagnostics of the Tomcat dialect. */
export const render = (
  spec: string,
  inputs: ReadonlyMap<string, Uint8Array> = new Map(),
): { readonly pages: readonly Page[]; readonly diagnostics: readonly Diagnostic[] } => {
  const read = readSpec('sessctl.yaml', new TextEncoder().encode(spec))
  if (read.spec === null) throw new Error(JSON.stringify(read.diagnostics))
  const findings = new Findings()
  const pages = tomcat.render(resolve(read.spec, {}, new Findings()), inputs, findings)
  return { pages, diagnostics: findings.all }
}

/** The generated files. */
export const write = (
  spec: string,
  inputs: ReadonlyMap<string, Uint8Array> = new Map(),
): Written => {
  const { pages, diagnostics } = render(spec, inputs)
  const hasError = diagnostics.some(({ severity }) => severity === 'error')
  const engine = createEngine(tomcat)
  const files = new Map<string, string>()
  const bytes = new Map<string, Uint8Array>()
  for (const page of hasError ? [] : pages) {
    const text = page.kind === 'template' ? engine(page.template, page.view) : page.text
    const path = page.path.replace(/^tomcat\//, '')
    files.set(path, text)
    bytes.set(path, encodeText(text, page.kind === 'template' ? 'utf-8' : page.encoding))
  }
  return {
    files,
    bytes,
    said: diagnostics.map(({ code, message }) => `${code}: ${message}`),
    codes: diagnostics.map(({ code }) => code),
  }
}

/** One generated file. @throws with the diagnostics if it was not generated. */
export const fileOf = (written: Written, path: string): string => {
  const text = written.files.get(path)
  if (text === undefined) throw new Error(`no ${path}: ${JSON.stringify(written.said)}`)
  return text
}
