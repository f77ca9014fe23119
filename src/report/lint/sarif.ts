import { areaOf } from '../../core/catalogue.ts'
import type { Severity } from '../../core/diagnostics/diagnostic.ts'
import type { Finding } from '../../core/linting/finding.ts'
import { documentation, version } from '../../version.ts'
import { formatForeignJson } from '../json.ts'

const levels = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  string
>

/** Reasons quote names in backquotes, which only Markdown shows as such. */
const plain = (markdown: string): string => markdown.replaceAll('`', '')

const ruleOf = (code: string) => {
  const area = areaOf(code)
  const meaning = area?.codes[code]
  if (area === null || meaning === undefined) return { id: code }
  const { severity, summary, why } = meaning
  return {
    id: code,
    shortDescription: { text: plain(summary) },
    fullDescription: { text: plain(why) },
    help: { text: plain(why), markdown: why },
    helpUri: `${documentation}/rules/${area.page}#${code}`,
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: [area.title] },
  }
}

/** Relative to the working directory, which is the root of the repository in CI. */
const artifactLocation = (file: string) => {
  const uri = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
}

const resultOf = (finding: Finding, ruleIndex: number) => {
  const { code, severity, message, help, location, fingerprint } = finding
  const { file, line, column, width } = location
  const columns = column === null ? {} : { startColumn: column, endColumn: column + width }
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: help === null ? message : `${message}\n${help}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactLocation(file),
          ...(line === null ? {} : { region: { startLine: line, ...columns } }),
        },
      },
    ],
    // The name under which GitHub follows a result from commit to commit.
    partialFingerprints: { primaryLocationLineHash: fingerprint },
  }
}

/** SARIF 2.1.0, for code hosts and editors. */
export const lintSarif = (findings: readonly Finding[]): string => {
  const codes = [...new Set(findings.map(({ code }) => code))].sort()
  return formatForeignJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sessctl',
            version,
            semanticVersion: version,
            informationUri: `${documentation}/README.md`,
            rules: codes.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, codes.indexOf(finding.code))),
      },
    ],
  })
}
