import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts'
import { report } from './codes.ts'
import type { XmlDocument } from './xml/document.ts'
import { parseXml } from './xml/parse.ts'
import { positionAt, type XmlPosition } from './xml/problem.ts'

/** An existing file that is to be edited. */
export interface BaseFile {
  /** As written in the spec. */
  readonly file: string
  readonly document: XmlDocument
}

const placeOf = (file: string, at: XmlPosition | null): Place => ({
  kind: 'file',
  file,
  line: at?.line ?? null,
  column: at?.column ?? null,
  lineText: at?.lineText ?? null,
})

/** A place in the file, for diagnostics. */
export const inBase = ({ file, document }: BaseFile, offset: number): Place =>
  placeOf(file, positionAt(document.lines, offset))

const read = (
  file: string,
  bytes: Uint8Array,
  root: 'Server' | 'Context',
): BaseFile | Diagnostic => {
  const parsed = parseXml(bytes)
  if (!parsed.ok) {
    const { message, reason, help, at } = parsed.problem
    return { ...report('tomcat-base-invalid', placeOf(file, at), message, help), reason }
  }
  const base = { file, document: parsed.value }
  const { name, start } = parsed.value.root
  if (name === root) return base
  const message = `the root element is <${name}>, not <${root}>`
  const help = root === 'Server' ? 'name a server.xml here' : 'name a context file here'
  const reason = `the root element is not <${root}>`
  return { ...report('tomcat-base-invalid', inBase(base, start), message, help), reason }
}

/** What was read of the same bytes: the instances of a cluster may share one file. */
const known = new WeakMap<Uint8Array, Map<string, BaseFile | Diagnostic>>()

/** Reads a file whose root is the expected element; anything else is a diagnostic. */
export const openBase = (
  file: string,
  bytes: Uint8Array,
  root: 'Server' | 'Context',
): BaseFile | Diagnostic => {
  const files = known.get(bytes) ?? new Map<string, BaseFile | Diagnostic>()
  known.set(bytes, files)
  const opened = files.get(`${root} ${file}`) ?? read(file, bytes, root)
  files.set(`${root} ${file}`, opened)
  return opened
}
