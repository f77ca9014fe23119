import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'

const place = /([^\s()]*\.cjs):(\d+):(\d+)/g

const mapOf = (file: string): SourceMap | null => {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
  } catch {
    return null
  }
}

/** A stack trace of the minified bundle, with the places in the source instead. */
export const sourceStack = (stack: string): string => {
  const maps = new Map<string, SourceMap | null>()
  return stack.replace(place, (written: string, file: string, line: string, column: string) => {
    const map = maps.get(file) ?? mapOf(file)
    maps.set(file, map)
    // Stack traces count from 1, source maps from 0.
    const entry = map?.findEntry(Number(line) - 1, Number(column) - 1)
    return entry && 'originalSource' in entry
      ? `${entry.originalSource.replace(/^(\.\.\/)+/, '')}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : written
  })
}
