import { pathBelow } from '../glob.ts'
import { builtInModules, moduleNames } from './conditions.ts'
import { evaluate, type Given, type HttpdSetup } from './evaluate.ts'
import { pathFinder } from './paths.ts'
import type { HttpdFiles } from './statements.ts'
import { type HttpdDocument, type HttpdReading, readHttpd } from './tree.ts'

/** Each file is read once. */
const givenFiles = (
  byPath: ReadonlyMap<string, Uint8Array>,
  reading: HttpdReading | undefined,
): Given => {
  const documents = new Map<string, HttpdDocument>()
  const read = (path: string): HttpdDocument | null => {
    const bytes = byPath.get(path)
    const known = documents.get(path)
    if (known !== undefined || bytes === undefined) return known ?? null
    const document = readHttpd(bytes, reading)
    documents.set(path, document)
    return document
  }
  return { count: byPath.size, find: pathFinder(byPath.keys()), read }
}

/**
 * Reads a configuration with the files that it includes, as httpd executes it: variables are replaced,
 * and `Include`, `<IfDefine>`, `<IfModule>`, `<IfVersion>` and macros by their content. If no file loads
 * a module, each one counts as loaded. An include that leads back to its own file is a problem and is
 * not followed.
 * @param main the path of httpd.conf, or of a file that it includes.
 * @param given the content of files by their paths. A file that is not included is not read.
 */
export const readHttpdFiles = (
  main: string,
  given: ReadonlyMap<string, Uint8Array>,
  setup: HttpdSetup = {},
): HttpdFiles => {
  const byPath = new Map([...given].map(([path, bytes]) => [pathBelow('', path), bytes] as const))
  const all = givenFiles(byPath, setup.reading)
  const first = pathBelow('', main)
  const builtIn = new Set(builtInModules.flatMap(moduleNames))
  const { loadsModules, ...loaded } = evaluate(first, all, setup, builtIn)
  if (loadsModules) return loaded
  const { loadsModules: _, ...read } = evaluate(first, all, setup, null)
  return read
}
