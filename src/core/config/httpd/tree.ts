/** A directive or a section of an httpd configuration. */
export interface HttpdDirective {
  /** In lower case: httpd ignores the case. */
  readonly name: string
  /** Without quotes and escapes. Of a section, those before its `>`. */
  readonly args: readonly string[]
  /** From 1. */
  readonly line: number
  /** Null: no section. */
  readonly children: readonly HttpdDirective[] | null
}

export interface HttpdProblem {
  /** From 1. */
  readonly line: number
  readonly message: string
}

export interface HttpdConfig {
  readonly directives: readonly HttpdDirective[]
  readonly problems: readonly HttpdProblem[]
}

/** Arguments as ap_getword_conf() of server/util.c reads them. Variables are not replaced. */
export const httpdArguments = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\.)*)(?:"|$)|'((?:[^'\\]|\\.)*)(?:'|$)|(\S+)/g)].map(
    ([, double, single, bare]) => bare ?? (double ?? single ?? '').replace(/\\(["'\\])/g, '$1'),
  )

interface Open {
  readonly name: string
  readonly args: readonly string[]
  readonly line: number
  readonly children: HttpdDirective[]
}

/** More than any configuration; callers read the tree by recursion. */
const mostLevels = 50

const opening = /^<([A-Za-z]\w*)(?:[ \t]+(.*))?>$/
const closing = /^<\/([A-Za-z]\w*)>$/
const directive = /^([A-Za-z]\w*)(?:[ \t]+(.*))?$/

/**
 * Reads a part of an httpd configuration into directives and sections, in time proportional to its
 * length. It is stricter than httpd: a line is not continued on the next one, and begins with the name
 * of a directive or section as it is, without quotes and variables. Everything else is a problem.
 */
export const readHttpdConfig = (text: string): HttpdConfig => {
  const root: HttpdDirective[] = []
  const open: Open[] = []
  const problems: HttpdProblem[] = []
  const add = (one: HttpdDirective): void => {
    ;(open.at(-1)?.children ?? root).push(one)
  }
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1
    const refuse = (message: string): void => {
      problems.push({ line, message })
    }
    const trimmed = content.trim()
    if (trimmed.endsWith('\\')) refuse('the line ends with a backslash')
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const [isClosing, closed = ''] = closing.exec(trimmed) ?? []
    const [isOpening, opened = '', parameters = ''] = opening.exec(trimmed) ?? []
    const [isDirective, name = '', rest = ''] = directive.exec(trimmed) ?? []
    if (isClosing !== undefined) {
      const section = open.at(-1)
      if (section?.name === closed.toLowerCase()) {
        open.pop()
        add(section)
      } else refuse(`</${closed}> does not end a section of this text`)
    } else if (isOpening !== undefined && open.length >= mostLevels) {
      refuse(`more than ${mostLevels} sections inside each other`)
      break
    } else if (isOpening !== undefined)
      open.push({
        name: opened.toLowerCase(),
        args: httpdArguments(parameters),
        line,
        children: [],
      })
    else if (isDirective !== undefined)
      add({ name: name.toLowerCase(), args: httpdArguments(rest), line, children: null })
    else refuse('the line does not begin with the name of a directive')
  }
  for (const { name, line } of open) problems.push({ line, message: `<${name}> has no end` })
  while (open.length > 0) {
    const section = open.pop()
    if (section !== undefined) add(section)
  }
  return { directives: root, problems }
}
