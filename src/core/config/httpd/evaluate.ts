import { folderOf, hasWildcard, pathBelow } from '../glob.ts'
import { type HttpdState, holds, moduleNames } from './conditions.ts'
import { inCopy } from './paths.ts'
import { replaceParameters, replaceVariables } from './replace.ts'
import type { HttpdFiles, HttpdFilesProblem, HttpdInclude, HttpdStatement } from './statements.ts'
import type { HttpdDirective, HttpdDocument, HttpdReading } from './tree.ts'
import { httpdWords } from './word.ts'

/** What httpd is started with. */
export interface HttpdSetup {
  readonly reading?: HttpdReading
  /** The folder of relative paths before a `ServerRoot`; by default, that of the main file. */
  readonly serverRoot?: string
  /** The names of the option -D. */
  readonly defines?: readonly string[]
  /** Environment variables, such as those of Debian's envvars. */
  readonly environment?: ReadonlyMap<string, string>
  /** Such as `2.4.62`; by default, `<IfVersion>` is always true. */
  readonly version?: string
}

interface Macro {
  readonly parameters: readonly string[]
  readonly body: readonly HttpdDirective[]
  readonly path: string
}

/** Where a directive is read: its file, and the values of the macro that it is in. */
interface Place {
  readonly path: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Sections, includes and macros in each other. */
const mostLevels = 200
/** Of directives, files, uses of macros, and lines after their variables are replaced. */
const mostWork = 400_000
/** As much as so many directives: files are read at most 4,000 times. */
const workOfInclude = 20
const workOfFile = 100

const noParameters: ReadonlyMap<string, string> = new Map()

/** The words of a line; of one that opens a section, without its brackets. */
const wordsOfLine = (text: string, isSection: boolean): readonly string[] => {
  if (!isSection) return httpdWords(text)
  const end = text.lastIndexOf('>')
  return httpdWords(text.slice(0, end === -1 ? undefined : end).replace(/^(["']?)</, '$1'))
}

/** The files that were given. */
export interface Given {
  readonly count: number
  readonly find: (pattern: string) => readonly string[]
  readonly read: (path: string) => HttpdDocument | null
}

export interface Evaluated extends HttpdFiles {
  readonly loadsModules: boolean
}

/**
 * Executes a configuration: each directive in its turn, with the variables, conditions and macros that
 * are known there.
 * @param modules that are loaded; null: all.
 */
export const evaluate = (
  main: string,
  given: Given,
  setup: HttpdSetup,
  modules: Set<string> | null,
): Evaluated => {
  const { defines = [], environment = noParameters, version = null } = setup
  const files = new Map<string, HttpdDocument>()
  const includes: HttpdInclude[] = []
  const problems: HttpdFilesProblem[] = []
  /** By names in lower case. */
  const variables = new Map<string, string>()
  const state: HttpdState = { defined: new Set(defines), modules, version }
  const macros = new Map<string, Macro>()
  const openFiles = new Set<string>()
  const openMacros = new Set<string>()
  let serverRoot = setup.serverRoot ?? folderOf(main)
  let loadsModules = false
  let [level, work] = [0, 0]
  let isTooLarge = false

  /** A directive that is read many times has one problem. */
  const refused = new Set<string>()
  const refuse = ({ start }: HttpdDirective, { path }: Place, message: string): void => {
    const key = JSON.stringify([path, start, message])
    if (!refused.has(key)) problems.push({ path, at: start, message })
    refused.add(key)
  }

  /** The name and the arguments of a directive where it is read. */
  const wordsOf = (directive: HttpdDirective, place: Place): readonly string[] => {
    const { args, block, name, text } = directive
    if (place.parameters.size === 0 && !text.includes('$\u007b')) return [name, ...args]
    const whole = replaceParameters(text, place.parameters)
    const replaced = whole === null ? null : replaceVariables(whole, variables, environment)
    work += (replaced ?? text).length >> 6
    if (replaced !== null) return wordsOfLine(replaced, block !== null)
    refuse(directive, place, 'the line is too long after its variables are replaced')
    return [name, ...args]
  }

  const readFile = (path: string): HttpdDocument | null => {
    const document = given.read(path)
    if (document !== null) files.set(path, document)
    return document
  }

  const include = (
    directive: HttpdDirective,
    args: readonly string[],
    place: Place,
    into: HttpdStatement[],
  ): void => {
    const [written = ''] = args
    if (written === '' || /\{\{|\{%|<%|\$\{/.test(written)) return
    const pattern = pathBelow(serverRoot, inCopy(folderOf(main), written))
    includes.push({ directive, path: place.path, pattern })
    work += workOfInclude
    const paths = given.find(pattern)
    if (hasWildcard(pattern)) work += given.count >> 4
    if (paths.length === 0 && directive.name === 'include')
      refuse(
        directive,
        place,
        hasWildcard(pattern)
          ? `no file matches "${pattern}"`
          : `the file "${pattern}" was not read`,
      )
    for (const path of paths) {
      if (openFiles.has(path)) {
        refuse(directive, place, `"${path}" includes this file, and is included here`)
        continue
      }
      openFiles.add(path)
      work += workOfFile
      walk(readFile(path)?.directives ?? [], { path, parameters: noParameters }, into, directive)
      openFiles.delete(path)
    }
  }

  const useMacro = (
    directive: HttpdDirective,
    args: readonly string[],
    place: Place,
    into: HttpdStatement[],
  ): void => {
    const [name = '', ...values] = args
    const key = name.toLowerCase()
    const macro = macros.get(key)
    if (macro === undefined) refuse(directive, place, `there is no macro "${name}"`)
    else if (openMacros.has(key)) refuse(directive, place, `the macro "${name}" uses itself`)
    else {
      openMacros.add(key)
      work += workOfFile
      const parameters = new Map(macro.parameters.map((each, index) => [each, values[index] ?? '']))
      walk(macro.body, { path: macro.path, parameters }, into, directive)
      openMacros.delete(key)
    }
  }

  /** Directives that are executed while httpd reads, and that stay statements. */
  const execute = (name: string, args: readonly string[]): void => {
    const [first = '', value] = args
    if (name === 'define') {
      if (value !== undefined) variables.set(first.toLowerCase(), value)
      state.defined.add(first)
    } else if (name === 'undefine') {
      variables.delete(first.toLowerCase())
      state.defined.delete(first)
    } else if (name === 'serverroot') serverRoot = pathBelow('', inCopy(folderOf(main), first))
    else if (name === 'loadmodule') {
      loadsModules = true
      for (const each of moduleNames(first)) modules?.add(each)
    }
  }

  const read = (directive: HttpdDirective, place: Place, into: HttpdStatement[]): void => {
    const { block } = directive
    const [written = '', ...args] = wordsOf(directive, place)
    const name = written.toLowerCase()
    if (block === null) {
      if (name === 'include' || name === 'includeoptional') include(directive, args, place, into)
      else if (name === 'use') useMacro(directive, args, place, into)
      else {
        execute(name, args)
        into.push({ name, args, children: null, directive, path: place.path })
      }
      return
    }
    const isRead = holds(name, args, state)
    if (name === 'macro') {
      const [macro = '', ...parameters] = args
      macros.set(macro.toLowerCase(), { parameters, body: block.children, path: place.path })
    } else if (isRead === null) {
      const children: HttpdStatement[] = []
      into.push({ name, args, children, directive, path: place.path })
      walk(block.children, place, children, directive)
    } else if (isRead) walk(block.children, place, into, directive)
  }

  /** @param from the directive whose content is read. */
  const walk = (
    directives: readonly HttpdDirective[],
    place: Place,
    into: HttpdStatement[],
    from: HttpdDirective | null,
  ): void => {
    if (level >= mostLevels) {
      if (from !== null) refuse(from, place, `more than ${mostLevels} levels`)
      return
    }
    level++
    for (const directive of directives) {
      if (work > mostWork) {
        if (!isTooLarge) refuse(directive, place, 'the configuration is too large')
        isTooLarge = true
        break
      }
      work++
      read(directive, place, into)
    }
    level--
  }

  const statements: HttpdStatement[] = []
  openFiles.add(main)
  walk(readFile(main)?.directives ?? [], { path: main, parameters: noParameters }, statements, null)
  const patterns = [...new Set(includes.map(({ pattern }) => pattern))]
  return { main, files, statements, includes, patterns, problems, loadsModules }
}
