import { storeCodes } from '../../../src/core/lint/store-codes.ts'
import { type Compiled, compileText } from '../../support/compile.ts'

type Written = Readonly<Record<string, unknown>>

export interface RenderedUpstream {
  /** nginx/shop.conf; empty when there are errors. */
  readonly text: string
  /** Codes of the diagnostics of the dialect, in the order of the spec. */
  readonly codes: readonly string[]
  /** The lines inside the last block that begins with this text, without indentation. */
  readonly inside: (head: string) => readonly string[]
}

const insideOf = (text: string, head: string): readonly string[] => {
  const lines = text.split('\n')
  const start = lines.findLastIndex((line) => line.trim() === `${head} {`)
  if (start === -1) return []
  const indent = ' '.repeat(lines[start]?.search(/\S/) ?? 0)
  const end = lines.indexOf(`${indent}}`, start)
  return lines.slice(start + 1, end).map((line) => line.trim())
}

export const twoServers = { a: '10.0.0.1:8080', b: '10.0.0.2:8080' } as const

/** Without rules over the whole cluster, and fields without effect, which test/property/effects.test.ts covers. */
export const ownCodes = (diagnostics: Compiled['diagnostics']): readonly string[] =>
  diagnostics
    .map(({ code }) => code)
    .filter((code) => !code.startsWith('field-') && !(code in storeCodes))

/** Compiles a spec with one target and one upstream `app`. */
export const renderUpstream = (
  target: Written,
  upstream: Written,
  frontend: Written = {},
): RenderedUpstream => {
  const spec = {
    version: 1,
    name: 'shop',
    targets: { nginx: target },
    frontends: {
      web: { listen: [80], locations: [{ match: '/', upstream: 'app' }], ...frontend },
    },
    upstreams: { app: { servers: twoServers, ...upstream } },
  }
  const { artifacts, diagnostics } = compileText(JSON.stringify(spec))
  const text = artifacts.find(({ path }) => path === 'nginx/shop.conf')?.text ?? ''
  return {
    text,
    codes: ownCodes(diagnostics),
    inside: (head) => insideOf(text, head),
  }
}
