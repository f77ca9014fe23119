import { parseVersion, type Version } from '../version.ts'
import { type Judgement, judge } from './judge.ts'
import { nginx } from './nginx.ts'
import { patchesAhead } from './product.ts'

/**
 * The nginx release that each NGINX Plus release is based on, R1 first. Source: the releases page of its
 * documentation, 28 November 2026. Patch levels (P1, P2, …) do not change it.
 */
const bases = `1.5.3 1.5.7 1.5.12 1.7.3 1.7.7 1.7.11 1.9.4 1.9.9 1.9.13 1.11.3 1.11.5 1.11.10 1.13.4
  1.13.7 1.13.10 1.15.2 1.15.7 1.15.10 1.17.3 1.17.6 1.17.9 1.19.0 1.19.5 1.19.10 1.21.3 1.21.5 1.21.6
  1.23.2 1.23.4 1.25.1 1.25.3 1.25.5 1.27.2 1.27.4 1.29.0 1.29.3`.split(/\s+/)

/** Since May 2026 releases are called PLS.37.0.5.1 (long-term) and PLS.37.1.0.1 (continuous). */
const firstPls = 37
const pls = { last: 'PLS.37.1.0.1', longTerm: 5, continuous: 1, base: '1.29.8' } as const

const majorsAhead = 3

const on = (base: string, text: string): Version => ({ text, parts: parseVersion(base).parts })

const known = (text: string, base: string): Judgement => ({
  kind: 'known',
  version: on(base, text),
})

const later = (text: string): Judgement => ({
  kind: 'newer',
  product: 'NGINX Plus',
  version: on(pls.base, text),
  last: pls.last,
})

const unknown = (text: string): Judgement => ({
  kind: 'unknown',
  version: on(bases.at(-1) ?? pls.base, 'R36'),
  message: `there is no NGINX Plus ${text}`,
  help: 'write version: "R36"; known releases: R1 to R36, PLS.37.0.0.1 to PLS.37.1.0.1, and the nginx releases that they are based on',
})

const ofR = (release: number, level: number): Judgement => {
  const text = `R${release}${level > 0 ? ` P${level}` : ''}`
  const base = bases[release - 1]
  if (level > patchesAhead) return unknown(text)
  if (base !== undefined) return known(text, base)
  if (release === firstPls) return known(text, pls.base)
  return release > firstPls && release <= firstPls + majorsAhead ? later(text) : unknown(text)
}

const ofPls = (major: number, minor: number, update: number): Judgement => {
  const text = `PLS.${major}.${minor}.${update}.1`
  if (major < firstPls || major > firstPls + majorsAhead) return unknown(text)
  if (minor > patchesAhead || update > patchesAhead) return unknown(text)
  const isKnown =
    major === firstPls &&
    (minor === 0 ? update <= pls.longTerm : minor <= pls.continuous && update === 0)
  return isKnown ? known(text, pls.base) : later(text)
}

const rForm = /^[Rr]?(\d{1,3})(?:[ -]?[Pp](\d{1,3}))?$/
const plsForm = /^(?:[Pp][Ll][Ss]\.|[Rr])?(\d\d)\.(\d+)(?:\.(\d+))?(?:\.\d+)?$/

/** `R31`, `31`, `R31 P1`, `PLS.37.0.4.1`, or the nginx release that it is based on, as `nginx -v` prints it. */
export const judgePlus = (text: string): Judgement => {
  const [, release, level = '0'] = rForm.exec(text) ?? []
  if (release !== undefined) return ofR(Number(release), Number(level))
  const [, major, minor, update = '0'] = plsForm.exec(text) ?? []
  if (major !== undefined) return ofPls(Number(major), Number(minor), Number(update))
  return judge({ ...nginx, name: 'NGINX Plus' }, text)
}
