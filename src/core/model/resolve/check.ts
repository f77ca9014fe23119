import { atKey, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { Spec } from '../../spec/schema/index.ts'
import type { Check, StatusRange } from '../check.ts'
import { report } from '../codes.ts'
import { durationMs } from '../duration.ts'
import { byName } from '../order.ts'

type SpecCheck = NonNullable<Spec['upstreams'][string]['check']>

const rangeOf = (written: number | string): StatusRange => {
  const [from = 0, to = from] = String(written).split('-').map(Number)
  return { from, to }
}

const statusesOf = (
  { expect }: SpecCheck,
  path: SpecPath,
  findings: Findings,
): readonly StatusRange[] | null => {
  if (expect?.status === undefined) return null
  const ranges = expect.status.map(rangeOf)
  for (const [index, { from, to }] of ranges.entries()) {
    if (from <= to) continue
    report(
      findings,
      'check-status',
      atKey([...path, 'expect', 'status', index]),
      `the range ${from}-${to} contains no status code`,
      `write "${to}-${from}"`,
    )
  }
  return [...ranges].sort((a, b) => a.from - b.from)
}

export const resolveCheck = (
  written: SpecCheck | undefined,
  name: string,
  findings: Findings,
): Check | null => {
  if (written === undefined) return null
  const path = ['upstreams', name, 'check']
  if (written.uri === undefined) {
    for (const key of ['method', 'host', 'headers', 'expect']) {
      const why = 'without "uri" a check is a TCP connection, which sends no request'
      withoutEffect(findings, [...path, key], null, why, 'write uri, such as /health')
    }
  }
  return {
    intervalMs: durationMs(written.interval),
    downIntervalMs: written.downInterval === undefined ? null : durationMs(written.downInterval),
    rise: written.rise,
    fall: written.fall,
    uri: written.uri ?? null,
    method: written.method,
    host: written.host ?? null,
    headers: Object.entries(written.headers ?? {})
      .map(([header, value]) => ({ name: header, value }))
      .sort(byName),
    timeoutMs: written.timeout === undefined ? null : durationMs(written.timeout),
    statuses: statusesOf(written, path, findings),
    text: written.expect?.text ?? null,
    port: written.port ?? null,
    closesOnDown: written.onDown === 'close',
    path,
  }
}
