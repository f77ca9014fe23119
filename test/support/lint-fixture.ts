import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeConfig } from '../../src/core/config/text.ts'
import type { LocatedDiagnostic } from '../../src/core/diagnostics/located.ts'
import { kindOf } from '../../src/core/linting/files/kind.ts'
import { type GivenFile, lintFiles } from '../../src/core/linting/files/lint.ts'
import { parseVersion } from '../../src/core/model/version.ts'

const names = ['nginx.conf', 'haproxy.cfg', 'httpd.conf', 'tomcat.xml', 'together'] as const

/**
 * The fixtures of a code for files that sessctl did not write: `nginx.conf` for bad.nginx.conf and
 * good.nginx.conf, or `together` for folders bad.together and good.together.
 */
export const fixtureNames = (folder: string): readonly string[] =>
  names.filter((name) => existsSync(join(folder, `bad.${name}`)))

const given = (path: string, file: string): GivenFile => {
  const bytes = readFileSync(path)
  const kind = kindOf(file, decodeConfig(bytes).text)
  if (kind === null || kind === 'spec') throw new Error(`${path}: which kind of file is this?`)
  return { path, file, kind, bytes, isIncluded: false }
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
  const texts = files.map(({ bytes }) => new TextDecoder().decode(bytes)).join('\n')
  const [, version] = /--nginx-version (\S+)/.exec(texts) ?? []
  const nginxVersion = version === undefined ? null : parseVersion(version)
  return { files, diagnostics: lintFiles(files, { nginxVersion }) }
}
