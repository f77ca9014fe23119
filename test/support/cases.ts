import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readConf } from '../../src/adapters/conf-folder.ts'
import type { ConfigFiles, Input } from '../../src/core/dialects/dialect.ts'
import { insideOnly } from '../../src/core/outside.ts'
import {
  type Compilation,
  compile,
  inputFiles,
  readSpec,
  resolveSpec,
} from '../../src/core/pipeline.ts'
import { type Compiled, configOf, shown } from './compile.ts'

const unchecked = { path: () => undefined, file: () => undefined }

/** A configuration with the files of its folder. */
const configFiles = (
  folder: string,
  path: string,
  edited: ReadonlyMap<string, Uint8Array>,
): ConfigFiles => {
  const place = dirname(join(folder, path))
  const names = readdirSync(place).filter((name) => name.endsWith('.conf'))
  const files = names.map((name) => {
    const bytes = edited.get(join(dirname(path), name))
    return [name, bytes ?? readFileSync(join(place, name))] as const
  })
  return { form: 'config', main: basename(path), files: new Map(files) }
}

/** The whole pipeline over a folder with a sessctl.yaml and the files it names. */
export const compilationOf = (
  folder: string,
  file = 'sessctl.yaml',
  edited: ReadonlyMap<string, Uint8Array> = new Map(),
): Compilation => {
  const spec = edited.get(file) ?? readFileSync(join(folder, file))
  const resolved = resolveSpec(readSpec(file, spec), {})
  const inputs = new Map<string, Input>()
  for (const { kind, path } of resolved.cluster ? inputFiles(resolved.cluster, null) : []) {
    const place = join(folder, path)
    const bytes = edited.get(path)
    if (kind === 'conf') inputs.set(path, readConf(place, unchecked))
    else if (kind === 'nginx' || kind === 'httpd')
      inputs.set(path, configFiles(folder, path, edited))
    else if (bytes === undefined && !existsSync(place)) continue
    else {
      const read = bytes ?? readFileSync(place)
      inputs.set(path, kind === 'haproxy' ? configOf(basename(path), read) : read)
    }
  }
  return compile(resolved, insideOnly(inputs), null)
}

/** The same, as a command shows it. */
export const compileFolder = (...args: Parameters<typeof compilationOf>): Compiled =>
  shown(compilationOf(...args))

/** A case's artifacts and its diagnostics, one line each. */
export const compileCase = (folder: string, file = 'sessctl.yaml') => {
  const { artifacts, diagnostics } = compileFolder(folder, file)
  const lines = diagnostics.map(
    ({ severity, code, message, help, location }) =>
      `${location.file}:${location.line}:${location.column} ${severity}[${code}] ${message}${help === null ? '' : ` (${help})`}\n`,
  )
  return { artifacts, report: lines.join('') }
}
