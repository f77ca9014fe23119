import type { HaproxySetting } from '../../../config/haproxy/effective.ts'
import type { HttpCheckView } from '../backends/checks.ts'
import type { Line } from '../lines.ts'
import type { Editing } from './editing.ts'
import { align } from './rules.ts'

/** What a check asks for, and which answer it expects. */
interface Asked {
  readonly method: string
  readonly uri: string
  readonly statuses: string | null
  readonly text: string | null
}

const after = (args: readonly string[], keyword: string): string | null => {
  const index = args.indexOf(keyword)
  return index === -1 ? null : (args[index + 1] ?? null)
}

/** The request of `option httpchk [METHOD] [URI [VERSION]]`, or of `http-check send`; null: no check by HTTP. */
const askedIn = (settings: readonly HaproxySetting[]): Asked | null => {
  const option = settings.findLast(
    ({ args, isOff, name }) => name === 'option' && args[0] === 'httpchk' && !isOff,
  )
  if (option === undefined) return null
  const [first, second] = option.args.slice(1)
  const checks = settings.filter(({ name }) => name === 'http-check')
  const send = checks.findLast(({ args }) => args[0] === 'send')?.args ?? []
  const expect = checks.findLast(({ args }) => args[0] === 'expect')?.args ?? []
  return {
    method: after(send, 'meth') ?? (second === undefined ? 'OPTIONS' : (first ?? 'OPTIONS')),
    uri: after(send, 'uri') ?? second ?? first ?? '/',
    statuses: after(expect, 'status'),
    text: after(expect, 'string'),
  }
}

/** Gives the section the check of the spec, unless it has one with the same request and answer. */
export const editHealthCheck = (
  editing: Editing,
  wanted: HttpCheckView | null,
  lines: readonly Line[],
): void => {
  if (wanted === null) return
  const asked = askedIn(editing.settings)
  const isSame =
    asked !== null &&
    asked.method === wanted.method &&
    asked.uri === wanted.uri &&
    asked.statuses === wanted.statuses &&
    asked.text === wanted.text
  if (isSame) return
  const existing = editing.proxy.section.lines.filter(
    ({ args, name }) => name === 'http-check' || (name === 'option' && args[0] === 'httpchk'),
  )
  align(editing, existing, lines)
}
