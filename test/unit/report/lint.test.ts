import { describe, expect, test } from 'vitest'
import { allCodes, areaOf } from '../../../src/core/catalogue.ts'
import type { Location } from '../../../src/core/diagnostics/located.ts'
import { asFindings, type Finding } from '../../../src/core/linting/finding.ts'
import { lintGithub, lintGitlab } from '../../../src/report/lint/annotations.ts'
import { lintJson } from '../../../src/report/lint/json.ts'
import { lintSarif } from '../../../src/report/lint/sarif.ts'
import { sarifProblems } from '../../support/sarif.ts'

const at = (file: string, line: number | null, column: number | null): Location => ({
  file,
  line,
  column,
  width: 3,
  lineText: line === null ? null : `line ${line}`,
  lineColumn: 1,
  path: null,
})

const found = (over: object = {}, location = at('conf/shop.yaml', 7, 5)): Finding => {
  const [finding] = asFindings([
    {
      code: 'ip-hash-three-octets',
      severity: 'warning',
      message: 'a message',
      help: 'a remedy',
      location,
      ...over,
    },
  ])
  if (finding === undefined) throw new Error('no finding')
  return finding
}

const resultsOf = (sarif: string) =>
  (
    JSON.parse(sarif) as {
      runs: [{ results: { locations: [{ physicalLocation: { artifactLocation: object } }] }[] }]
    }
  ).runs[0].results.map(({ locations }) => locations[0].physicalLocation)

describe('SARIF', () => {
  test('is valid for every code, with and without a place', () => {
    const findings = allCodes.flatMap((code) =>
      [at('a b/ü#%.yaml', 1, 1), at('/etc/nginx.conf', 2, null), at('x', null, null)].map(
        (location) =>
          found({ code, severity: areaOf(code)?.codes[code]?.severity ?? 'error' }, location),
      ),
    )
    expect(sarifProblems(JSON.parse(lintSarif(findings)))).toEqual([])
    expect(sarifProblems(JSON.parse(lintSarif([])))).toEqual([])
  })
  test('the schema of this test refuses what is wrong', () => {
    const log = JSON.parse(lintSarif([found()])) as { runs: [{ results: [{ level: string }] }] }
    log.runs[0].results[0].level = 'info'
    expect(sarifProblems(log)).not.toEqual([])
  })
  test('names files relative to the root of the repository, encoded', () => {
    expect(resultsOf(lintSarif([found({}, at('a b/ü#%.yaml', 7, 5))]))).toEqual([
      {
        artifactLocation: { uri: 'a%20b/%C3%BC%23%25.yaml', uriBaseId: '%SRCROOT%' },
        region: { startLine: 7, startColumn: 5, endColumn: 8 },
      },
    ])
    expect(resultsOf(lintSarif([found({}, at('/etc/x.conf', 7, null))]))).toEqual([
      { artifactLocation: { uri: 'file:///etc/x.conf' }, region: { startLine: 7 } },
    ])
  })
})

describe('annotations of GitHub', () => {
  test('name file, line and columns', () => {
    expect(lintGithub([found()])).toBe(
      '::warning file=conf/shop.yaml,line=7,col=5,endColumn=8,title=sessctl%3A ip-hash-three-octets::a message%0Aa remedy\n',
    )
    expect(lintGithub([found({ severity: 'info', help: null }, at('x', null, null))])).toBe(
      '::notice file=x,title=sessctl%3A ip-hash-three-octets::a message\n',
    )
  })
  test('no text of a file can end its command, or begin another', () => {
    const hostile = 'a%b\r\n::error::x ##[error]y\u001b[31m'
    const lines = lintGithub([
      found({ message: hostile, help: hostile }, at(`a:b,c${hostile}`, 1, 1)),
    ]).split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^::warning file=a%3Ab%2Cca%25b\^M\^J%3A%3Aerror%3A%3Ax/)
    expect(lines[0]).not.toContain('##[')
    expect(lines[0]).not.toContain('\u001b')
  })
})

test('the report of GitLab has what GitLab requires', () => {
  const finding = found({ severity: 'error' })
  expect(JSON.parse(lintGitlab([finding]))).toEqual([
    {
      description: 'a message; a remedy',
      check_name: 'ip-hash-three-octets',
      fingerprint: finding.fingerprint,
      severity: 'major',
      location: { path: 'conf/shop.yaml', lines: { begin: 7 } },
    },
  ])
})

test('JSON is a versioned document', () => {
  const finding = found()
  expect(JSON.parse(lintJson([finding], 1, {}))).toEqual({
    formatVersion: 1,
    command: 'lint',
    exitCode: 1,
    findings: [
      {
        code: 'ip-hash-three-octets',
        severity: 'warning',
        file: 'conf/shop.yaml',
        line: 7,
        column: 5,
        message: 'a message',
        help: 'a remedy',
        fingerprint: finding.fingerprint,
        isFixable: false,
      },
    ],
  })
})
