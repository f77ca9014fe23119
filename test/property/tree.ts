import { readHaproxy } from '../readers/haproxy.ts'
import { type HttpdDirective, readHttpd } from '../readers/httpd.ts'
import { type Directive, readNginx } from '../readers/nginx.ts'
import {
  readIni,
  readProperties,
  readPython,
  readShell,
  readSql,
  readYaml,
  type Words,
} from '../readers/settings.ts'
import { type Element, readXml } from '../readers/xml.ts'

/** What all readers have in common: words, and what is within. */
export interface Branch {
  readonly words: readonly string[]
  readonly branches: readonly Branch[]
}

const ofNginx = ({ name, args, block }: Directive): Branch => ({
  // A block without content is not the same as none.
  words: [name, ...args, block === null ? ';' : '{'],
  branches: (block ?? []).map(ofNginx),
})

const ofHttpd = ({ name, args, section }: HttpdDirective): Branch => ({
  words: [name, ...args, section === null ? '' : '<>'],
  branches: (section ?? []).map(ofHttpd),
})

const ofXml = ({ name, attributes, elements, text }: Element): Branch => ({
  words: [name, ...[...attributes].flat(), text],
  branches: elements.map(ofXml),
})

/**
 * httpd fills variables in before it looks for words, and nothing can prevent it. Only a secret from
 * the environment is written as one.
 */
const withoutVariables = (bytes: Uint8Array): Uint8Array => {
  const [found] = /(?<![ "]secret=)\$\{[^}\n]*\}/.exec(Buffer.from(bytes).toString('utf8')) ?? []
  if (found !== undefined) throw new Error(`httpd takes ${found} for a variable`)
  return bytes
}

/** Files of lines, by how their names end. */
const ofLines: Readonly<Record<string, (text: string) => readonly Words[]>> = {
  ini: readIni,
  properties: readProperties,
  py: readPython,
  sh: readShell,
  sql: readSql,
  yaml: readYaml,
}

/** Reads an artifact with the reader for its name. */
export const treeOf = (path: string, bytes: Uint8Array): readonly Branch[] => {
  if (path.startsWith('nginx/')) return readNginx(bytes).map(ofNginx)
  if (path.startsWith('httpd/')) return readHttpd(withoutVariables(bytes)).map(ofHttpd)
  if (path.startsWith('haproxy/')) {
    return readHaproxy(bytes).map(({ words, lines }) => ({
      words,
      branches: lines.map((line) => ({ words: line.words, branches: [] })),
    }))
  }
  if (/\.xml(\.default)?$/.test(path)) return [ofXml(readXml(bytes))]
  const read = ofLines[path.slice(path.lastIndexOf('.') + 1)]
  if (read !== undefined) {
    return read(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).map((words) => ({
      words,
      branches: [],
    }))
  }
  throw new Error(`no reader for ${path}`)
}
