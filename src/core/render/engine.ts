import { templates } from 'sessctl:templates'
import Handlebars from 'handlebars/runtime.js'
import type { Dialect } from '../dialects/dialect.ts'

export type Render = (template: string, view: object) => string

/**
 * An own Handlebars instance with one dialect's escaping helpers and nothing else. Templates are
 * precompiled with `strict` (a missing key throws), without HTML escaping, and with known helpers
 * only: each, if, unless and the escapes.
 */
export const createEngine = (dialect: Dialect): Render => {
  const engine = Handlebars.create()
  for (const [name, inContext] of Object.entries(dialect.escapes)) {
    engine.registerHelper(name, (value) => {
      if (typeof value !== 'string' && typeof value !== 'number') {
        throw new TypeError(
          `template helper ${name}: ${String(value)} is neither text nor a number`,
        )
      }
      return inContext(value)
    })
  }
  const compiled = new Map<string, (view: object) => string>()
  for (const [name, specification] of Object.entries(templates)) {
    if (!name.startsWith(`${dialect.name}/`)) continue
    const template = engine.template(specification)
    compiled.set(name, template)
    engine.registerPartial(name, template)
  }
  return (name, view) => {
    const template = compiled.get(name)
    if (!template) throw new TypeError(`there is no template ${name}`)
    return template(view)
  }
}
