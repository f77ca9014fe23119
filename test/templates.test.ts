import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'
import { describe, expect, test } from 'vitest'
import { escapingHelpers } from '../scripts/templates-plugin.mjs'
import { dialects } from '../src/core/dialects/index.ts'
import { createEngine } from '../src/core/render/engine.ts'
import { viewsOfAllCases } from './support/views.ts'

const root = fileURLToPath(new URL('../templates/', import.meta.url))

const texts = new Map(
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.hbs'))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const name = relative(root, file)
        .replace(/\.hbs$/, '')
        .split(sep)
        .join('/')
      return [name, readFileSync(file, 'utf8')] as const
    }),
)
const templates = new Map([...texts].map(([name, text]) => [name, Handlebars.parse(text)]))

const blocks = ['each', 'if', 'unless']

const escapesOf = (name: string): readonly string[] => {
  const dialect = Object.values(dialects).find((candidate) => name.startsWith(`${candidate.name}/`))
  return Object.keys(dialect?.escapes ?? {})
}

const pathOf = (expression: hbs.AST.Node): hbs.AST.PathExpression => {
  if (expression.type !== 'PathExpression')
    throw new Error(`${expression.type} in a template decides something`)
  return expression as hbs.AST.PathExpression
}

/** What a template may not do, as `template: what`. */
const offences = (name: string, program: hbs.AST.Program): string[] =>
  program.body.flatMap((node): string[] => {
    if (node.type === 'ContentStatement' || node.type === 'CommentStatement') return []
    if (node.type === 'PartialStatement') {
      const partial = pathOf((node as hbs.AST.PartialStatement).name).original
      return templates.has(partial) ? [] : [`${name}: there is no partial ${partial}`]
    }
    if (node.type === 'BlockStatement') {
      const block = node as hbs.AST.BlockStatement
      const bad =
        blocks.includes(pathOf(block.path).original) && block.params.length === 1
          ? []
          : [`${name}: block ${pathOf(block.path).original}`]
      return [
        ...bad,
        ...offences(name, block.program),
        ...(block.inverse ? offences(name, block.inverse) : []),
      ]
    }
    if (node.type === 'MustacheStatement') {
      const mustache = node as hbs.AST.MustacheStatement
      const helper = pathOf(mustache.path).original
      const isEscaped = escapesOf(name).includes(helper) && mustache.params.length === 1
      return isEscaped && mustache.params[0]?.type === 'PathExpression'
        ? []
        : [`${name}: {{${helper}}} prints without escaping`]
    }
    return [`${name}: ${node.type}`]
  })

/** Walks a template with a view as Handlebars does, but into every branch; tells each key it asks for. */
const walk = (
  program: hbs.AST.Program,
  contexts: readonly unknown[],
  used: Uses,
  name: string,
): void => {
  const look = (expression: hbs.AST.Node): unknown => {
    const path = pathOf(expression)
    let value = contexts[contexts.length - 1 - path.depth]
    for (const part of path.parts) {
      const key = String(part)
      if (typeof value !== 'object' || value === null) return undefined
      used.note(value, key, `${name}: ${path.original}`)
      value = Reflect.get(value, key)
    }
    return value
  }
  const inner = (part: hbs.AST.Program | undefined, next: readonly unknown[]) =>
    part && walk(part, next, used, name)
  for (const node of program.body) {
    if (node.type === 'MustacheStatement')
      for (const param of (node as hbs.AST.MustacheStatement).params) look(param)
    if (node.type === 'PartialStatement') {
      const partial = node as hbs.AST.PartialStatement
      const target = pathOf(partial.name).original
      const view = partial.params[0] ? look(partial.params[0]) : contexts.at(-1)
      const found = templates.get(target)
      if (found && typeof view === 'object' && view !== null) walk(found, [view], used, target)
    }
    if (node.type === 'BlockStatement') {
      const { path, params, program: body, inverse } = node as hbs.AST.BlockStatement
      const value = params[0] ? look(params[0]) : undefined
      if (pathOf(path).original === 'each') {
        for (const item of Array.isArray(value) ? value : []) inner(body, [...contexts, item])
      } else {
        // Handlebars' if keeps its context, and so a branch that is not taken still asks for keys of it.
        const isTaken =
          pathOf(path).original === 'if'
            ? Boolean(value) && !isEmpty(value)
            : !value || isEmpty(value)
        if (isTaken) inner(body, contexts)
        else inner(inverse, contexts)
      }
    }
  }
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0

interface Uses {
  readonly note: (owner: object, key: string, where: string) => void
}

describe('templates decide nothing, and print nothing that is not escaped', () => {
  test.each([...templates.keys()])('%s', (name) => {
    const program = templates.get(name)
    expect(program && offences(name, program)).toEqual([])
  })
})

test('there are templates', () => {
  expect(existsSync(root)).toBe(true)
  expect(templates.size).toBeGreaterThan(10)
})

test('views and templates ask for each other, both ways', () => {
  const missing = new Set<string>()
  const usedBy = new Map<object, Set<string>>()
  const unused = new Map<string, { asked: boolean }>()
  const note = (owner: object, key: string, where: string) => {
    if (!Object.hasOwn(owner, key)) missing.add(where)
    usedBy.set(owner, (usedBy.get(owner) ?? new Set()).add(key))
  }
  const collect = (value: unknown, shape: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) collect(item, `${shape}[]`)
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      const entry = unused.get(`${shape}.${key}`) ?? { asked: false }
      entry.asked ||= usedBy.get(value)?.has(key) ?? false
      unused.set(`${shape}.${key}`, entry)
      collect(inner, `${shape}.${key}`)
    }
  }
  for (const { template, view } of viewsOfAllCases()) {
    const program = templates.get(template)
    if (!program) throw new Error(`no template ${template}`)
    walk(program, [view], { note }, template)
    collect(view, template)
  }
  expect([...missing]).toEqual([])
  expect([...unused].filter(([, { asked }]) => !asked).map(([key]) => key)).toEqual([])
})

test('the build knows the escaping helpers of all dialects, and no other', () => {
  const names = Object.values(dialects).flatMap(({ escapes }) => Object.keys(escapes))
  expect([...escapingHelpers].sort()).toEqual([...new Set(names)].sort())
})

test('a template that asks for what its view does not have is an error', () => {
  const render = createEngine(dialects.nginx)
  const view = viewsOfAllCases().find(({ template }) => template === 'nginx/http')?.view ?? {}
  expect(Object.keys(view).length).toBeGreaterThan(3)
  for (const missing of Object.keys(view)) {
    const others = Object.fromEntries(Object.entries(view).filter(([key]) => key !== missing))
    expect(() => render('nginx/http', others)).toThrow(TypeError)
  }
})
