import { describe, expect, test } from 'vitest'
import {
  agedName,
  filesOfGeneration,
  historyAfter,
} from '../../../../src/build-nginx/core/upgrade/generations.ts'
import type { Generation } from '../../../../src/build-nginx/core/upgrade/journal.ts'
import { fc } from '../../../support/fast-check.ts'

test('an older version is named by the time at which it was replaced', () => {
  expect(agedName('/usr/sbin/nginx', '2026-11-29T03:45:01.123Z')).toBe(
    '/usr/sbin/nginx.sessctl-previous-20261129T034501Z',
  )
})

type Files = Readonly<Record<string, string>>

/** A host whose files are contents by path, with what sessctl remembers of it. */
interface Host {
  readonly files: Files
  readonly generations: readonly Generation[]
  /** What each kept file holds. */
  readonly contents: Files
}

/** Replaces files as an upgrade does, and removes what it discards. */
const replace = (
  host: Host,
  fresh: Files,
  restored: number | null,
  time: number,
  keep: number,
): Host => {
  const files = Object.keys(fresh).map((to) => ({ to, identity: `${to} ${time}` }))
  const { generations, discarded } = historyAfter(host.generations, restored, keep)
  const gone = discarded.map(({ identity }) => identity)
  const older = Object.entries(host.contents).filter(([identity]) => !gone.includes(identity))
  const kept = files.map(({ to, identity }) => [identity, host.files[to] ?? ''] as const)
  return {
    files: { ...host.files, ...fresh },
    generations: [{ replacedAt: `${time}`, release: null, files }, ...generations],
    contents: Object.fromEntries([...older, ...kept]),
  }
}

const stateOf = (host: Host, index: number): Files => ({
  ...host.files,
  ...Object.fromEntries(
    filesOfGeneration(host.generations, index).map(({ to, identity }) => [
      to,
      host.contents[identity] ?? 'missing',
    ]),
  ),
})

describe('the versions that are kept', () => {
  const names = ['nginx', 'a.so', 'b.so']
  const upgrade = fc.subarray(names, { minLength: 1 })

  test('each of them can be returned to, whichever files the upgrades replaced', () => {
    const steps = fc.array(fc.oneof(upgrade, fc.nat(4)), { maxLength: 12 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (all, keep) => {
        let host: Host = {
          files: { nginx: '0', 'a.so': '0', 'b.so': '0' },
          generations: [],
          contents: {},
        }
        // What each generation was like, the newest first.
        let past: readonly Files[] = []
        for (const [index, step] of all.entries()) {
          const before = host.files
          if (Array.isArray(step)) {
            const fresh = Object.fromEntries(step.map((name) => [name, `${index + 1}`]))
            host = replace(host, fresh, null, index, keep)
            past = [before, ...past].slice(0, keep)
          } else if (step < host.generations.length) {
            const wanted = past[step]
            const fresh = Object.fromEntries(
              filesOfGeneration(host.generations, step).map(({ to, identity }) => [
                to,
                host.contents[identity] ?? 'missing',
              ]),
            )
            host = replace(host, fresh, step, index, keep)
            expect(host.files).toEqual(wanted)
            past = [before, ...past.filter((_, at) => at !== step)].slice(0, keep)
          }
          expect(host.generations.map((_, at) => stateOf(host, at))).toEqual(past)
          expect(Object.keys(host.contents)).toHaveLength(
            host.generations.flatMap(({ files }) => files).length,
          )
        }
      }),
    )
  })
})
