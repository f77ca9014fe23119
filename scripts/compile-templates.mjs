// A Handlebars template as a JavaScript function. Handlebars parses it, white space and all; its own
// functions would look every helper up by name and hand it an object of options, for each value of
// each of 10,000 servers, and bring a run time of their own to start. What templates may not do
// (test/templates.test.ts), this cannot compile.
import Handlebars from 'handlebars'

const refuse = ({ type, loc }) => {
  throw new Error(`line ${loc.start.line} of a template: no ${type} like this one can be compiled`)
}

/** What the functions call: only `undefined` is no answer, for views are total. */
const runtime = `
const holds = (value) => {
  if (value === undefined) throw new TypeError('a template asks for what its view does not have')
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}
const each = (items, write) => {
  let text = ''
  for (const item of items) text += write(item)
  return text
}
`

/** The value that a path means; `this` is the view itself. */
const lookUp = (path, view) => {
  const isPlain = path.type === 'PathExpression' && path.depth === 0 && !path.data
  if (!isPlain || !path.parts.every((part) => /^\w+$/.test(part))) refuse(path)
  return [view, ...path.parts].join('.')
}

const only = (node) => (node.params.length === 1 && !node.hash ? node.params[0] : refuse(node))

const blocks = {
  each: (value, node, view) => {
    const item = `${view}Item`
    if (node.inverse) refuse(node)
    return `each(${value}, (${item}) => ${textOf(node.program, item)})`
  },
  if: (value, { program, inverse }, view) =>
    `(holds(${value}) ? ${textOf(program, view)} : ${textOf(inverse, view)})`,
  unless: (value, { program, inverse }, view) =>
    `(holds(${value}) ? ${textOf(inverse, view)} : ${textOf(program, view)})`,
}

const statements = {
  ContentStatement: ({ value }) => JSON.stringify(value),
  MustacheStatement: (node, view) => `escapes.${node.path.original}(${lookUp(only(node), view)})`,
  PartialStatement: (node, view) =>
    node.indent === ''
      ? `templates[${JSON.stringify(node.name.original)}](${lookUp(only(node), view)}, escapes)`
      : refuse(node),
  BlockStatement: (node, view) => {
    const block = blocks[node.path.original] ?? refuse(node)
    return block(lookUp(only(node), view), node, view)
  },
}

const textOf = (program, view) => {
  const parts = (program?.body ?? [])
    .filter(({ type, value }) => type !== 'CommentStatement' && value !== '')
    .map((node) => (statements[node.type] ?? refuse(node))(node, view))
  return parts.length === 0 ? "''" : parts.join(' + ')
}

/**
 * A module of compiled templates: name → `(view, escapes) => text`.
 * @param {readonly (readonly [name: string, template: string])[]} sources
 */
export const compileTemplates = (sources) => {
  const functions = sources.map(
    ([name, template]) =>
      `  ${JSON.stringify(name)}: (view, escapes) => ${textOf(Handlebars.parse(template), 'view')},`,
  )
  return `${runtime}\nexport const templates = {\n${functions.join('\n')}\n}\n`
}
