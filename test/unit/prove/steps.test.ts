import { describe, expect, test } from 'vitest'
import type { LabProcess } from '../../../src/core/lab/program.ts'
import { isSameFolder, stepsBetween } from '../../../src/core/prove/steps.ts'
import { labProcess } from './lab-process.ts'

const [one, two, three] = [labProcess('app1', 1), labProcess('app2', 2), labProcess('app3', 3)]

const said = (before: readonly LabProcess[], after: readonly LabProcess[]) => {
  const { added, replaced, removed, kept } = stepsBetween(before, after)
  return {
    added: added.map(({ name }) => name),
    replaced: replaced.map(({ stops, starts }) => [stops, starts.name]),
    removed,
    kept: [...kept.values()],
  }
}

describe('the processes of the old cluster become those of the new one', () => {
  test('what is equal runs on; what is new starts first, and what is gone stops last', () => {
    expect(said([one, two], [one, three])).toEqual({
      added: ['app3'],
      replaced: [],
      removed: ['app2'],
      kept: ['app1'],
    })
  })

  test.each<[string, LabProcess]>([
    ['another file', labProcess('app1', 1, 'jvmRoute')],
    ['the same text as bytes of another file', labProcess('app1', 1, new Uint8Array([1]))],
    ['another release', { ...one, title: 'Tomcat 10.1.60' }],
    ['another argument', { ...one, command: { ...one.command, args: ['-Dx'] } }],
    ['another library', { ...one, links: { 'lib/a.jar': '/a.jar' } }],
  ])('a server restarts with %s', (_, changed) => {
    expect(said([one, two], [changed, two])).toEqual({
      added: [],
      replaced: [[['app1'], 'app1']],
      removed: [],
      kept: ['app2'],
    })
  })

  test('a server at another address stops before its folder is used again', () => {
    expect(said([one, two], [labProcess('app1', 9), two]).replaced).toEqual([[['app1'], 'app1']])
  })

  test('two servers that exchange their names both stop before the first of them starts', () => {
    const exchanged = [labProcess('app2', 1), labProcess('app1', 2)]
    expect(said([one, two], exchanged).replaced).toEqual([
      [['app1', 'app2'], 'app2'],
      [[], 'app1'],
    ])
  })

  test('a server with another name only runs on, unless another one needs its folder', () => {
    const named = (name: string, port: number, route: string): LabProcess => ({
      ...labProcess(name, port),
      command: {
        program: '/bin/sh',
        args: [`-Dsessctl.server=${name}`, `-Dbase=/lab/${name}`, `/lab/${name}/x`, route],
        env: {},
      },
    })
    const builtIn = (name: string, route: string): LabProcess => ({
      ...labProcess(name, 1),
      command: { program: 'node', args: [JSON.stringify({ server: name, route })], env: {} },
    })
    const [a, b] = [named('a', 1, 'r1'), named('b', 1, 'r1')]
    expect(said([a], [b]).kept).toEqual(['a'])
    expect(said([a], [named('b', 1, 'r2')]).kept).toEqual([])
    expect(said([builtIn('a', 'r1')], [builtIn('b', 'r1')]).kept).toEqual(['a'])
    expect(said([builtIn('a', 'a')], [builtIn('b', 'b')]).kept).toEqual([])
    expect(said([a], [b, named('a', 2, 'r2')])).toEqual({
      added: [],
      replaced: [
        [['a'], 'b'],
        [[], 'a'],
      ],
      removed: [],
      kept: [],
    })
  })

  test('a server that sessctl does not configure runs on', () => {
    const { kept, replaced } = stepsBetween([one], [labProcess('app1', 1, 'x')], new Set([1]))
    expect([kept.get(1), replaced]).toEqual(['app1', []])
  })
})

test('folders with other files are not the same', () => {
  expect(isSameFolder(one, labProcess('app1', 7))).toBe(true)
  expect(isSameFolder(one, labProcess('app1', 1, 'x'))).toBe(false)
  expect(isSameFolder(one, { ...one, folders: [] })).toBe(false)
})
