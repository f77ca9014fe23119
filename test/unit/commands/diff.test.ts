import { describe, expect, test } from 'vitest'
import type { ArgsOf } from '../../../src/commands/define.ts'
import { checkExitOptions, conditionOf, ending } from '../../../src/commands/diff/exit.ts'
import { checkProof, checkProofSides } from '../../../src/commands/diff/prove.ts'
import type { Side } from '../../../src/commands/diff/side.ts'
import { checkArgs, type Sources } from '../../../src/commands/diff/sources.ts'
import type { diffOptions } from '../../../src/commands/diff.ts'
import { UsageError } from '../../../src/errors.ts'
import { reportOf, reviewOf } from '../report/review/reports.ts'

type Args = ArgsOf<typeof diffOptions>

const args: Args = {
  ...{ file: null, allowOutside: [], output: 'generated', target: [], base: null, head: null },
  ...{ baseFile: null, as: null, context: '3', exitCode: false, detailedExitcode: false },
  ...{ failOn: [], format: 'text', quiet: false, verbose: false },
  ...{ prove: false, clients: '2000', libs: null },
}

test.each<[Partial<Args>, readonly string[], string]>([
  [{ head: 'main' }, [], '--head needs --base'],
  [{ baseFile: 'x.yaml' }, [], '--base-file needs --base'],
  [{ as: 'x.yaml' }, ['new.yaml'], '--as needs two files'],
  [{ base: 'main', head: 'v2' }, ['a', 'b'], 'two files and --base cannot be compared at once'],
  [{ file: 'x.yaml' }, ['a', 'b'], 'two files and --file cannot be compared at once'],
  [{}, ['-', '-'], 'both specs are standard input'],
  [{}, ['/dev/null', '/dev/null'], 'both specs are /dev/null'],
])('%j with the files %j is refused', (given, operands, message) => {
  expect(() => checkArgs({ ...args, ...given }, operands)).toThrow(UsageError)
  expect(() => checkArgs({ ...args, ...given }, operands)).toThrow(message)
})

describe('--prove', () => {
  const side = (kind: 'spec' | 'folder') => ({ kind, label: kind }) as Partial<Side> as Side
  const between = (before: Side, after: Side): Sources => ({ before, after, notes: [] })

  test('needs two specs', () => {
    const folders = between(side('folder'), side('spec'))
    expect(() => checkProofSides({ ...args, prove: true }, folders)).toThrow('needs two specs')
    expect(() => checkProofSides(args, folders)).not.toThrow()
    const specs = between(side('spec'), side('spec'))
    expect(() => checkProofSides({ ...args, prove: true }, specs)).not.toThrow()
  })

  test.each(['0', '1', '10001', 'many'])('refuses %s clients', (clients) => {
    expect(() => checkProof({ ...args, prove: true, clients })).toThrow(UsageError)
    expect(() => checkProof({ ...args, clients })).not.toThrow()
  })
})

describe('the exit code', () => {
  test.each<Partial<Args>>([
    { exitCode: true, failOn: ['sessions-lost'] },
    { exitCode: true, detailedExitcode: true },
    { detailedExitcode: true, failOn: ['availability'] },
  ])('is decided by one option: %j', (given) => {
    expect(() => checkExitOptions({ ...args, ...given })).toThrow('contradict each other')
    const [first] = Object.entries(given)
    expect(() => checkExitOptions({ ...args, ...Object.fromEntries([first ?? []]) })).not.toThrow()
  })

  test.each([
    ['sessions-lost', 0],
    ['sessions-lost=5%', 0.05],
    ['sessions-lost=0.5%', 0.005],
    ['sessions-lost=100%', 1],
  ])('%s allows %d', (condition, share) => {
    const { kind, ...rest } = conditionOf(condition)
    expect(kind).toBe('sessions-lost')
    expect('allowed' in rest ? rest.allowed : Number.NaN).toBeCloseTo(share, 9)
  })

  test.each([
    ...['', 'sessions', 'sessions-lost=', 'sessions-lost=5', 'sessions-lost=101%', 'x=5%'],
    ...['cosmetic', 'availability=5%', 'security,availability'],
  ])('%j is no condition', (condition) => {
    expect(() => conditionOf(condition)).toThrow('is not a condition')
  })

  const codeOf = (given: Partial<Args>, report = reportOf()) =>
    ending({ ...args, ...given }, report, false).exitCode

  test('is that of the loss, of files that differ, or of Terraform', () => {
    expect(codeOf({})).toBe(0)
    expect(codeOf({ exitCode: true })).toBe(1)
    expect(codeOf({ detailedExitcode: true })).toBe(2)
    expect(codeOf({ exitCode: true }, { ...reportOf(), files: [] })).toBe(0)
    expect(codeOf({ detailedExitcode: true }, { ...reportOf(), files: [] })).toBe(0)
    expect(codeOf({ failOn: ['sessions-lost'] })).toBe(1)
    expect(codeOf({ failOn: ['sessions-lost=49%'] })).toBe(1)
    expect(codeOf({ failOn: ['sessions-lost=50%'] })).toBe(0)
  })

  test('counts the upstream that loses most, not the average', () => {
    const { verdict, ...rest } = reviewOf('shop')
    const report = reportOf('shop', { ...rest, verdict: { ...verdict, lost: 0.01 } })
    expect(ending({ ...args, failOn: ['sessions-lost=5%'] }, report, false)).toEqual({
      exitCode: 1,
      reasons: [
        '--fail-on sessions-lost=5%: 50% of the sessions of upstream shop are lost, more than 5%',
      ],
    })
  })

  test('is that of any condition that is met, by the kinds of the risks', () => {
    const found = reviewOf('shop')
    const [risk] = found.risks
    if (risk === undefined) throw new Error('no risk')
    const withRisks = (...kinds: readonly (typeof risk.kind)[]) =>
      reportOf('shop', {
        ...found,
        verdict: { ...found.verdict, lost: 0 },
        impact: [],
        risks: kinds.map((kind) => ({ ...risk, kind, message: `of ${kind}` })),
      })
    const all = withRisks('sessions', 'availability', 'availability', 'security', 'cosmetic')
    const failOn = ['sessions-lost', 'availability', 'security']
    expect(ending({ ...args, failOn }, all, false)).toEqual({
      exitCode: 1,
      reasons: [
        '--fail-on availability: a risk for availability, and 1 more: of availability',
        '--fail-on security: a risk for security: of security',
      ],
    })
    const others = withRisks('sessions', 'cosmetic')
    expect(ending({ ...args, failOn }, others, false)).toEqual({ exitCode: 0, reasons: [] })
    expect(codeOf({ failOn: ['availability'] }, withRisks('security'))).toBe(0)
    // What is new has no users yet.
    expect(ending({ ...args, failOn }, all, true).exitCode).toBe(0)
  })

  test('of a removed spec is that of a loss, of a new one is not, and of an unknown one is none', () => {
    const failOn = ['sessions-lost']
    const report = { ...reportOf(), review: null, withoutReview: 'the spec is not known' }
    const { before, after } = report.clusters
    expect(codeOf({ failOn }, { ...report, clusters: { before, after: null } })).toBe(1)
    const gone = { ...report, clusters: { before, after: null } }
    expect(codeOf({ failOn: ['availability'] }, gone)).toBe(1)
    expect(codeOf({ failOn: ['security'] }, gone)).toBe(0)
    expect(ending({ ...args, failOn }, report, true).exitCode).toBe(0)
    expect(() => codeOf({ failOn }, { ...report, clusters: { before: null, after } })).toThrow(
      '--fail-on sessions-lost: the spec is not known',
    )
  })
})
