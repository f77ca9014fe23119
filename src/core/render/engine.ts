import { templates } from 'sessctl:templates'
import Handlebars from 'handlebars/runtime'
import type { Dialect, Escape } from '../dialects/dialect.ts'

export type Render = (template: string, view: object) => string

type Block = Pick<Handlebars.HelperOptions, 'fn' | 'inverse'>

const checked =
  (name: string, inContext: Escape) =>
  (value: unknown): string => {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new TypeError(`template helper ${name}: ${String(value)} is neither text nor a number`)
    return inContext(value)
  }

const missing = (): TypeError => new TypeError('a template asks for what its view does not have')

const holds = (value: unknown): boolean => {
  if (value === undefined) throw missing()
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** As those of Handlebars, which accept a missing value as false even in strict mode. */
const blocks = {
  each: (items: unknown, { fn }: Block): string => {
    if (!Array.isArray(items)) throw missing()
    return items.map((item) => fn(item)).join('')
  },
  if(this: unknown, value: unknown, { fn, inverse }: Block): string {
    return holds(value) ? fn(this) : inverse(this)
  },
  unless(this: unknown, value: unknown, { fn, inverse }: Block): string {
    return holds(value) ? inverse(this) : fn(this)
  },
}

/**
 * The templates with one dialect's escaping helpers and nothing else. What a template asks for and
 * its view does not have is a TypeError; nothing is escaped but by a helper.
 */
export const createEngine = (dialect: Dialect): Render => {
  const handlebars = Handlebars.create()
  for (const [name, block] of Object.entries(blocks)) handlebars.registerHelper(name, block)
  for (const [name, inContext] of Object.entries(dialect.escapes))
    handlebars.registerHelper(name, checked(name, inContext))
  const own = Object.entries(templates).filter(([name]) => name.startsWith(`${dialect.name}/`))
  const compiled = new Map(own.map(([name, text]) => [name, handlebars.template(text)]))
  for (const [name, template] of compiled) handlebars.registerPartial(name, template)
  return (name, view) => {
    const template = compiled.get(name)
    if (!template) throw new TypeError(`there is no template ${name}`)
    return template(view)
  }
}
