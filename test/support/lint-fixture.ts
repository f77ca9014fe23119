import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeConfig } from '../../src/core/config/text.ts'
import { type LocatedDiagnostic, locate, type Source } from '../../src/core/diagnostics/located.ts'
import { type ImportSource, importFiles } from '../../src/core/import/index.ts'
import type { GivenFile } from '../../src/core/linting/files/given-file.ts'
import { kindOf } from '../../src/core/linting/files/kind.ts'
import { lintFiles } from '../../src/core/linting/files/lint.ts'
import { parseVersion } from '../../src/core/model/version.ts'
import { configOf } from './compile.ts'

const names = [
  'nginx.conf',
  'haproxy.cfg',
  'httpd.conf',
  'tomcat.xml',
  'together',
  'import',
] as const

/**
 * The fixtures of a code for files that sessctl did not write: `nginx.conf` for bad.nginx.conf and
 * good.nginx.conf, or `together` for folders bad.together and good.together; the files of bad.import and
 * good.import are imported.
 */
export const fixtureNames = (folder: string): readonly string[] =>
  names.filter((name) => existsSync(join(folder, `bad.${name}`)))

const given = (path: string, file: string): GivenFile => {
  const bytes = readFileSync(path)
  const kind = kindOf(file, decodeConfig(bytes).text)
  if (kind === null || kind === 'spec') throw new Error(`${path}: which kind of file is this?`)
  return { path, file, kind, bytes, isIncluded: false }
}

/** What is not known of it has no place. */
const nowhere: Source = {
  file: '',
  text: '',
  range: () => [0, 0],
  edit: () => null,
  secrets: () => [],
}

const sourceOf = ({ bytes, file, kind }: GivenFile): ImportSource => {
  if (kind === 'nginx' || kind === 'haproxy' || kind === 'httpd')
    return { kind, file, config: configOf(file, bytes) }
  return file === 'context.xml'
    ? { kind: 'context', file, bytes }
    : { kind: 'server', file, bytes, conf: null, version: '9.0.98' }
}

const importedDiagnostics = (files: readonly GivenFile[]): readonly LocatedDiagnostic[] => {
  const settings = { spec: 'sessctl.yaml', name: null, nginx: null, haproxy: null, httpd: null }
  return locate(importFiles(files.map(sourceOf), settings).diagnostics, nowhere)
}

export interface LintFixture {
  readonly files: readonly GivenFile[]
  readonly diagnostics: readonly LocatedDiagnostic[]
}

/** The findings in a file, or in the files of a folder. */
export const lintFixture = (folder: string, name: string): LintFixture => {
  const path = join(folder, name)
  const files = statSync(path).isDirectory()
    ? readdirSync(path).map((each) => given(join(path, each), each))
    : [given(path, name)]
  if (name.endsWith('.import')) return { files, diagnostics: importedDiagnostics(files) }
  const texts = files.map(({ bytes }) => new TextDecoder().decode(bytes)).join('\n')
  const [, version] = /--nginx-version (\S+)/.exec(texts) ?? []
  const nginxVersion = version === undefined ? null : parseVersion(version)
  return { files, diagnostics: lintFiles(files, { nginxVersion }) }
}
