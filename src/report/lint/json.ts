import type { Finding } from '../../core/linting/finding.ts'
import { formatJson } from '../json.ts'

/** The versioned document of sessctl. */
export const lintJson = (findings: readonly Finding[], exitCode: number, more: object): string =>
  formatJson('lint', exitCode, {
    findings: findings.map(({ code, severity, location, message, help, fingerprint, fix }) => ({
      code,
      severity,
      file: location.file,
      line: location.line,
      column: location.column,
      message,
      help,
      fingerprint,
      isFixable: fix !== undefined,
    })),
    ...more,
  })
