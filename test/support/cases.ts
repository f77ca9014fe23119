import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Compiled, compile, inputFiles, understand } from '../../src/core/pipeline.ts'
import { readSpec } from '../../src/core/spec/read.ts'

/** The whole pipeline over a folder with a sessctl.yaml and the files it names. */
export const compileFolder = (folder: string, file = 'sessctl.yaml'): Compiled => {
  const understood = understand(readSpec(file, readFileSync(join(folder, file))), {})
  const inputs = new Map<string, Uint8Array>()
  for (const { path } of understood.cluster ? inputFiles(understood.cluster, null) : []) {
    if (existsSync(join(folder, path))) inputs.set(path, readFileSync(join(folder, path)))
  }
  return compile(understood, inputs, null)
}

/** A case's artifacts and its diagnostics, one line each. */
export const compileCase = (folder: string, file = 'sessctl.yaml') => {
  const { artifacts, diagnostics } = compileFolder(folder, file)
  const lines = diagnostics.map(
    ({ severity, code, message, help, location }) =>
      `${location.file}:${location.line}:${location.column} ${severity}[${code}] ${message}${help === null ? '' : ` (${help})`}\n`,
  )
  return { artifacts, report: lines.join('') }
}
