import { templates } from 'sessctl:templates'
import type { Dialect, Escape } from '../dialects/dialect.ts'

export type Render = (template: string, view: object) => string

const checked =
  (name: string, inContext: Escape) =>
  (value: unknown): string => {
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new TypeError(`template helper ${name}: ${String(value)} is neither text nor a number`)
    return inContext(value)
  }

/**
 * The templates with one dialect's escaping helpers and nothing else. What a template asks for and
 * its view does not have is a TypeError; nothing is escaped but by a helper.
 */
export const createEngine = (dialect: Dialect): Render => {
  const escapes = Object.fromEntries(
    Object.entries(dialect.escapes).map(([name, inContext]) => [name, checked(name, inContext)]),
  )
  return (name, view) => {
    const template = templates[name]
    if (!template) throw new TypeError(`there is no template ${name}`)
    return template(view, escapes)
  }
}
