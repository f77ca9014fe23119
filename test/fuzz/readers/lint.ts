import { decodeConfig, editText } from '../../../src/core/config/text.ts'
import type { GivenFile } from '../../../src/core/linting/files/given-file.ts'
import { kindOf } from '../../../src/core/linting/files/kind.ts'
import { lintFiles } from '../../../src/core/linting/files/lint.ts'
import { asFindings, fixesOf } from '../../../src/core/linting/finding.ts'
import { parseVersion } from '../../../src/core/model/version.ts'
import type { Read } from '../read.ts'
import { check } from './check-config.ts'

const given = (file: string, bytes: Uint8Array, kind: GivenFile['kind']): GivenFile => ({
  ...{ path: `/srv/${file}`, file, bytes, kind },
  isIncluded: file.startsWith('sites/'),
})

/** The files of an input: each begins with a line `--- NAME`. */
const filesIn = (bytes: Buffer): readonly GivenFile[] => {
  const parts = bytes.toString('latin1').split(/^--- (\S+)\n/m)
  const files = new Map<string, GivenFile>()
  for (let index = 1; index < parts.length; index += 2) {
    const [name = '', text = ''] = parts.slice(index, index + 2)
    const content = Buffer.from(text, 'latin1')
    const kind = kindOf(name, decodeConfig(content).text)
    if (kind !== null && kind !== 'spec') files.set(name, given(name, content, kind))
  }
  return [...files.values()]
}

/** Findings are in the files, and fixes change the bytes of their ranges only. */
const checkLint = (files: readonly GivenFile[]): void => {
  const findings = asFindings(lintFiles(files, { nginxVersion: parseVersion('1.26.3') }))
  const texts = new Map(files.map(({ file, bytes }) => [file, decodeConfig(bytes).text]))
  for (const { location } of findings) {
    const lines = texts.get(location.file)?.split(/\r\n|\r|\n/)
    check(lines !== undefined, `no file ${location.file}`)
    const { line, column } = location
    check(line === null || (line > 0 && line <= (lines?.length ?? 0)), `no line ${line}`)
    check(column === null || column > 0, `no column ${column}`)
  }
  for (const [file, text] of texts) {
    const edits = fixesOf(findings.filter(({ location }) => location.file === file))
    for (const { start, end } of edits)
      check(0 <= start && start <= end && end <= text.length, 'an edit outside of the file')
    const changed = edits.reduce((sum, edit) => sum + edit.text.length - (edit.end - edit.start), 0)
    check(editText(text, edits).length === text.length + changed, 'other bytes are edited')
  }
}

export const read: Read = (bytes) => {
  checkLint(filesIn(bytes))
  const kinds = ['nginx', 'haproxy', 'httpd', 'tomcat'] as const
  for (const kind of kinds) checkLint([given('file', bytes, kind)])
}
