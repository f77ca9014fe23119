import { type Effect, lostOfUpstream, movedOfUpstream } from './impact.ts'
import type { UpstreamMatch } from './match.ts'
import { type Programs, titleOf } from './programs.ts'
import type { Verdict } from './review.ts'
import type { FoundRisk } from './risks/found.ts'
import { usableServers } from './routing/binding.ts'
import { holderOf } from './sessions/stores.ts'
import { named, percent, shareOf } from './shares.ts'

/** An upstream with the shares of its sessions that are lost and of its clients that move. */
interface Part {
  readonly name: string
  /** A measure of its sessions: nothing better than the weights of its servers is known. */
  readonly size: number
  readonly lost: number
  readonly moved: number
}

const sizeOf = ({ before }: UpstreamMatch): number =>
  before === null ? 0 : usableServers(before.servers).reduce((sum, { weight }) => sum + weight, 0)

const partsOf = (
  matches: readonly UpstreamMatch[],
  effects: readonly Effect[],
): readonly Part[] => {
  const byUpstream = new Map(effects.map((effect) => [effect.pair.after, effect]))
  return matches.flatMap((match): readonly Part[] => {
    if (match.before === null) return []
    const size = sizeOf(match)
    const effect = match.after === null ? undefined : byUpstream.get(match.after)
    if (effect === undefined) {
      const lost = holderOf(match.before) === 'none' ? 0 : 1
      return [{ name: match.before.name, size, lost, moved: 1 }]
    }
    const { name } = effect.pair.after
    return [{ name, size, lost: lostOfUpstream(effect), moved: movedOfUpstream(effect) }]
  })
}

const average = (parts: readonly Part[], figure: 'lost' | 'moved'): number => {
  const total = parts.reduce((sum, { size }) => sum + size, 0)
  return total === 0 ? 0 : parts.reduce((sum, part) => sum + part[figure] * part.size, 0) / total
}

const listed = (parts: readonly Part[], figure: 'lost' | 'moved'): string =>
  named(parts.map((part) => `${part.name} ${percent(part[figure])}`))

/** When sessions are lost, as far as a program must do something for it. */
const moment = ({ restarted, reloads, replaced }: Programs): string => {
  const proxies = [...new Set([...reloads, ...replaced])].map(titleOf)
  if (restarted.length > 0) return 'with the restart of the servers'
  return proxies.length === 0 ? '' : `with the reload of ${named(proxies)}`
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const lostSentence = (parts: readonly Part[], programs: Programs): string => {
  const hit = parts.filter(({ lost }) => lost > 0)
  const [first] = hit
  const when = moment(programs)
  const end = `are lost${when === '' ? '' : ` ${when}`}: their users must log in again`
  if (first === undefined) return ''
  if (hit.length === 1) {
    return upperFirst(`${shareOf(first.lost, `sessions of upstream ${first.name}`)} ${end}`)
  }
  return `Sessions of ${hit.length} upstreams (${listed(hit, 'lost')}) ${end}`
}

const keptSentence = (parts: readonly Part[]): string => {
  const moving = parts.filter(({ moved }) => moved > 0)
  return moving.length === 0
    ? 'No session is lost'
    : `No session is lost; clients continue on other servers (${listed(moving, 'moved')})`
}

/** A sentence for sessions that can be kept, and are lost by a mistake. */
const conditionalSentence = (conditions: readonly string[]): string =>
  `Sessions are kept only if ${conditions.slice(0, 2).join(', and if ')}${conditions.length > 2 ? `, and under ${conditions.length - 2} more conditions` : ''}`

export const verdictOf = (
  matches: readonly UpstreamMatch[],
  effects: readonly Effect[],
  risks: readonly FoundRisk[],
  programs: Programs,
): Verdict => {
  const parts = partsOf(matches, effects)
  const lost = average(parts, 'lost')
  const atStake = risks.filter(({ kind }) => kind === 'sessions')
  const conditions = atStake.flatMap(({ condition }) => condition ?? [])
  const [worst] = atStake
  const sentence = (): string => {
    if (lost > 0) return lostSentence(parts, programs)
    if (worst === undefined) return keptSentence(parts)
    return conditions.length < atStake.length
      ? upperFirst(worst.message)
      : conditionalSentence(conditions)
  }
  return {
    sentence: sentence(),
    lost,
    moved: average(parts, 'moved'),
    restarts: [...programs.restarted, ...[...programs.replaced].map(titleOf)],
    reloads: [...programs.reloads].filter((each) => !programs.replaced.has(each)).map(titleOf),
  }
}
