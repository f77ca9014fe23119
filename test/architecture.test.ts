import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../src/', import.meta.url))

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

const sources = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()

const nameOf = (file: string): string => relative(root, file).split(sep).join('/')

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

const importsOf = (file: string): readonly Import[] =>
  [...readFileSync(file, 'utf8').matchAll(importPattern)].map(([, isType, written, lazy]) => {
    const target = written ?? lazy ?? ''
    const to = target.startsWith('.') ? nameOf(resolve(dirname(file), target)) : target
    return { from: nameOf(file), to, isType: isType !== undefined }
  })

const imports = sources.flatMap(importsOf)

const edges = (found: readonly Import[]): readonly string[] =>
  found.map(({ from, to }) => `${from} → ${to}`)

/** Where each third-party package lives; nobody else imports it. */
const homes: Readonly<Record<string, RegExp>> = {
  commander: /^program\.ts$/,
  'sessctl:templates': /^core\/render\/engine\.ts$/,
  'handlebars/runtime': /^core\/render\/engine\.ts$/,
  execa: /^(build-nginx\/)?adapters\//,
  'simple-git': /^(adapters\/git\/(caller|ask)|build-nginx\/adapters\/repositories)\.ts$/,
  zod: /^(core\/(spec\/|output\/validate-manifest\.ts|linting\/baseline\.ts)|build-nginx\/core\/(patches\/series|lock\/parse|upgrade\/journal)\.ts)/,
  openpgp: /^build-nginx\/adapters\/signatures\.ts$/,
  'ipaddr.js': /^core\/model\/ip\.ts$/,
  undici: /^build-nginx\/adapters\/(dispatcher|web)\.ts$/,
  'p-map': /^commands\/map-at-most\.ts$/,
  tar: /^build-nginx\/adapters\/(tarball|pack)\.ts$/,
  yauzl: /^adapters\/webapp\/war\.ts$/,
  yaml: /^core\/spec\//,
  diff: /^core\/diff\//,
  saxes: /^core\/dialects\/tomcat\/xml\//,
  'fastest-levenshtein': /^core\/diagnostics\/suggest\.ts$/,
}

/** build-nginx has the layers of the whole: `src/build-nginx/core/` is judged as `src/core/`. */
const layerOf = (name: string): string =>
  name.replace(/^build-nginx\/run\//, 'commands/').replace(/^build-nginx\//, '')

test('the scan sees imports', () => {
  expect(edges(imports)).toContain('program.ts → commander')
  expect(edges(imports)).toContain('adapters/exec.ts → execa')
  expect(imports.length).toBeGreaterThan(100)
})

test('core is pure: of node it knows hashing only', () => {
  const bad = imports.filter(
    ({ from, to }) =>
      layerOf(from).startsWith('core/') && to.startsWith('node:') && to !== 'node:crypto',
  )
  expect(edges(bad)).toEqual([])
})

test('core knows no clock, environment, process or console', () => {
  const forbidden =
    /\b(process|console|setTimeout|performance)\.|\bnew Date\b(?!\(\w)|\bDate\.now\b|\bMath\.random\b|\brandomBytes\b/
  const bad = sources.filter((file) => {
    const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    return layerOf(nameOf(file)).startsWith('core/') && forbidden.test(code)
  })
  expect(bad.map(nameOf)).toEqual([])
})

test('core imports core only', () => {
  const bad = imports.filter(
    ({ from, to }) =>
      layerOf(from).startsWith('core/') && to.endsWith('.ts') && !layerOf(to).startsWith('core/'),
  )
  expect(edges(bad)).toEqual([])
})

test('reports know core, and nothing that acts', () => {
  const bad = imports.filter(
    ({ from, to }) =>
      layerOf(from).startsWith('report/') &&
      /^(commands|adapters|cli|program|node:(?!util$))/.test(layerOf(to)),
  )
  expect(edges(bad)).toEqual([])
})

test('commands reach the world through ports only', () => {
  const bad = imports.filter(
    ({ from, to }) =>
      layerOf(from).startsWith('commands/') &&
      (/^(adapters|cli|program)/.test(layerOf(to)) ||
        (to.startsWith('node:') && to !== 'node:path')),
  )
  expect(edges(bad)).toEqual([])
})

test('only the command line wires adapters', () => {
  const bad = imports.filter(
    ({ from, to }) =>
      layerOf(to).startsWith('adapters/') &&
      !/^(adapters\/|cli\.ts|build-nginx\/index\.ts)/.test(from) &&
      !layerOf(from).startsWith('adapters/'),
  )
  expect(edges(bad)).toEqual([])
})

test('build-nginx has one door, and the core of sessctl knows nothing of it', () => {
  const entering = imports.filter(
    ({ from, to }) => to.startsWith('build-nginx/') && !from.startsWith('build-nginx/'),
  )
  expect(edges(entering.filter(({ to }) => to !== 'build-nginx/index.ts'))).toEqual([])
  expect(edges(entering.filter(({ from }) => from.startsWith('core/')))).toEqual([])
})

test('each third-party package has one home', () => {
  const bad = imports.filter(({ from, to }) => {
    if (to.endsWith('.ts') || to.startsWith('node:') || to.endsWith('.json')) return false
    return !(homes[to]?.test(from) ?? false)
  })
  expect(edges(bad)).toEqual([])
})

test('files stay small', () => {
  const lengths = sources.map((file) => readFileSync(file, 'utf8').split('\n').length)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(320)
})

test('there are no cycles, types aside', () => {
  const graph = new Map<string, string[]>()
  for (const { from, to, isType } of imports) {
    if (!isType && to.endsWith('.ts')) graph.set(from, [...(graph.get(from) ?? []), to])
  }
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file, [])
  expect(cycles).toEqual([])
})
