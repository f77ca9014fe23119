import type { Severity } from '../../core/diagnostics/diagnostic.ts'
import type { Finding } from '../../core/linting/finding.ts'
import { formatForeignJson } from '../json.ts'
import { visible } from '../visible.ts'

const commands = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  string
>

const data = (text: string): string => visible(text).replaceAll('%', '%25')

const property = (text: string | number): string =>
  data(String(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** Commands in the log of a GitHub workflow, which GitHub shows at the lines of a change. */
export const lintGithub = (findings: readonly Finding[]): string =>
  findings
    .map(({ code, severity, message, help, location }) => {
      const { file, line, column, width } = location
      const properties = [
        ['file', file],
        ['line', line],
        ['col', column],
        ['endColumn', column === null ? null : column + width],
        ['title', `sessctl: ${code}`],
      ] as const
      const written = properties.flatMap(([name, value]) =>
        value === null ? [] : [`${name}=${property(value)}`],
      )
      const text = help === null ? data(message) : `${data(message)}%0A${data(help)}`
      return `::${commands[severity]} ${written.join(',')}::${text}\n`
    })
    .join('')

const gitlabSeverities = {
  error: 'major',
  warning: 'minor',
  info: 'info',
} as const satisfies Record<Severity, string>

/** The report of GitLab Code Quality: one list. */
export const lintGitlab = (findings: readonly Finding[]): string =>
  formatForeignJson(
    findings.map(({ code, severity, message, help, location, fingerprint }) => ({
      description: help === null ? message : `${message}; ${help}`,
      check_name: code,
      fingerprint,
      severity: gitlabSeverities[severity],
      location: { path: location.file, lines: { begin: location.line ?? 1 } },
    })),
  )
