import { folderOf, pathBelow } from '../config/glob.ts'
import type { ConfigText } from '../config/text.ts'
import type { Place } from '../diagnostics/diagnostic.ts'
import { linesOf } from '../diagnostics/source-lines.ts'
import type { ConfigFiles, Inputs, Page } from './dialect.ts'

/** The existing configuration that a target names; null: it could not be read. */
export const baseInput = (inputs: Inputs, base: string): ConfigFiles | null => {
  const input = inputs.get(base)
  return input === undefined || input instanceof Uint8Array || input.form !== 'config'
    ? null
    : input
}

/**
 * Places in the files of a configuration, by their paths.
 * @param base the main file, as written in the spec.
 */
export const placesIn = (
  base: string,
  files: Iterable<readonly [path: string, document: { readonly text: string }]>,
): ((path: string, offset: number) => Place) => {
  const lines = new Map([...files].map(([path, { text }]) => [path, linesOf(text, [])] as const))
  return (path, offset) => {
    const line = lines.get(path)?.(offset)
    return {
      kind: 'file',
      file: pathBelow(folderOf(base), path),
      line: line === undefined ? null : line.index + 1,
      column: line === undefined ? null : offset - line.start + 1,
      lineText: line?.shown ?? null,
    }
  }
}

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The artifact of an edited file. It has the name of the file, without its folder. */
export const editedPage = (
  dialect: 'nginx' | 'haproxy' | 'httpd',
  source: string,
  { encoding }: ConfigText,
  text: string,
): Page => ({ kind: 'edited', path: `${dialect}/${fileName(source)}`, source, text, encoding })

/** Reports edited files of which two would become one artifact, on any file system. */
export const checkNames = (
  paths: Iterable<string>,
  what: string,
  report: (path: string, message: string, help: string) => void,
): void => {
  const seen = new Map<string, string>()
  for (const path of paths) {
    const name = fileName(path).toLowerCase()
    const other = seen.get(name)
    seen.set(name, path)
    if (other === undefined) continue
    const message = `"${other}" and "${path}" have the same name, and both have ${what} of the spec`
    report(path, message, 'rename one of the two files')
  }
}
