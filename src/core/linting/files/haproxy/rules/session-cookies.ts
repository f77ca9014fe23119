import type { HaproxySetting } from '../../../../config/haproxy/effective.ts'
import { knownSessionCookie } from '../../../../model/session-cookie.ts'
import { report } from '../../codes.ts'
import type { HaproxyRule } from '../../rule.ts'
import { type HaproxyBackend, isHttp, serversOf, settingOf } from '../view.ts'

/** The session cookie of an application that a sample reads from the request; null: it reads none. */
const sessionCookieIn = (sample: string): string | null => {
  const [, name = ''] = /^(?:req\.)?cook(?:ie)?\(([\w.-]+)\)/.exec(sample) ?? []
  return knownSessionCookie(name) === null ? null : name
}

interface Read {
  readonly setting: HaproxySetting
  /** The index of the sample among the arguments. */
  readonly argument: number
  readonly cookie: string
}

const readIn = (setting: HaproxySetting, argument: number): readonly Read[] => {
  const cookie = sessionCookieIn(setting.args[argument] ?? '')
  return cookie === null ? [] : [{ setting, argument, cookie }]
}

/** `balance hash`, and `stick` rules that learn nothing from the answers. */
const readsOf = (backend: HaproxyBackend): readonly Read[] => {
  const balance = settingOf(backend, 'balance')
  if (balance?.args[0] === 'hash') return readIn(balance, 1)
  const sticks = backend.settings.filter(({ name }) => name === 'stick')
  if (sticks.some(({ args }) => args[0] === 'store-response')) return []
  return sticks.flatMap((stick) =>
    /^(?:on|match)$/.test(stick.args[0] ?? '') ? readIn(stick, 1) : [],
  )
}

/** The first request has no session id, so that another server may get the second one. */
export const haproxyKeyIssued: HaproxyRule = ({ backends }, findings) => {
  for (const backend of backends) {
    // A cookie of HAProxy keeps the session, whatever else is read.
    if (serversOf(backend).length < 2 || !isHttp(backend)) continue
    if (backend.settings.some(({ name }) => name === 'cookie')) continue
    const [read] = readsOf(backend)
    if (read === undefined) continue
    const { argument, cookie, setting } = read
    const isStick = setting.name === 'stick'
    report(
      findings,
      'affinity-key-issued',
      backend.atSetting(setting, argument),
      isStick
        ? `${cookie} is set by the server that answers the first request, and no rule stores it: the next request can be sent to another server`
        : `${cookie} is set by the server that answers the first request: its hash can select another server for the next request`,
      isStick
        ? `add stick store-response res.cook(${cookie})`
        : 'use cookie NAME insert with a cookie for each server, or share the sessions of the servers',
    )
  }
}

/** HAProxy uses the last of two lines, and warns of none. */
export const haproxyBalanceTwice: HaproxyRule = ({ backends }, findings) => {
  for (const backend of backends)
    for (const name of ['balance', 'cookie'] as const) {
      const lines = backend.section.lines.filter(
        (line) => line.name === name && line.within.length === 0,
      )
      const last = lines.at(-1)
      for (const line of lines.slice(0, -1)) {
        if (last === undefined || line.args.join(' ') === last.args.join(' ')) continue
        report(
          findings,
          'balance-twice',
          backend.at(line),
          `"${[name, ...line.args].join(' ')}" has no effect: "${[name, ...last.args].join(' ')}" after it replaces it`,
          'remove one of the two lines',
        )
      }
    }
}
