import {
  attributeOf,
  type XmlDocument,
  type XmlElement,
} from '../../dialects/tomcat/xml/document.ts'
import { positionAt } from '../../dialects/tomcat/xml/problem.ts'
import type { OutputContext, ToolMessage, ToolOutput, Verdict } from '../check.ts'
import { type LogRecord, readLog, rootCause } from './log.ts'

/** Every element that a digester calls by this path, such as `Server/Service/Connector`. */
const elementsAt = (root: XmlElement, path: string): readonly XmlElement[] => {
  const [first, ...names] = path.split('/')
  let found: readonly XmlElement[] = root.name === first ? [root] : []
  for (const name of names) {
    found = found.flatMap(({ children }) => children.filter((child) => child.name === name))
  }
  return found
}

/**
 * Line of an attribute, or of an element when no attribute is named; null when the document has none.
 * An attribute with the same value is preferred.
 */
export const lineOf = (
  document: XmlDocument,
  path: string,
  attribute: { readonly name: string; readonly value: string } | null,
): number | null => {
  const elements = elementsAt(document.root, path)
  const at = (offset: number | undefined): number | null =>
    offset === undefined ? null : positionAt(document.lines, offset).line
  if (attribute === null) return at(elements[0]?.start)
  const attributes = elements.flatMap((element) => attributeOf(element, attribute.name) ?? [])
  const exact = attributes.find(({ value }) => value === attribute.value)
  return at((exact ?? attributes[0])?.start)
}

/** The XML files that one Tomcat reads, as they will be written, by their paths. */
export type Documents = ReadonlyMap<string, XmlDocument>

/** `Error at line [7] column [44]: [x]`, `Error at (7, 44) : x`. */
const positionWords = /^Error at (?:line \[\d+\] column \[\d+\]: \[(.*)\]|\(\d+, \d+\) : (.*))$/

const parsed = /systemId: file:(.*?); lineNumber: (\d+); columnNumber: \d+; (.*)$/

/** Tomcat 7 and 8.5 report the place in server.xml only in this form. */
const parsedOld = /using conf\/server\.xml: Error at \((\d+), \d+\) : (.*)$/

/** 9 and newer: `Match [a/b] failed to set property [x] to [y]`; before: `{a/b} Setting property 'x' …`. */
const ignoredProperty = [
  /^Match \[(?<path>[^\]]*)\] failed to set property \[(?<name>[^\]]*)\] to \[(?<value>.*)\]$/,
  /\]\{(?<path>[^}]*)\} Setting property '(?<name>[^']*)' to '(?<value>.*)' did not find a matching property\.$/,
]
const ignoredElement = /^\s*No rules found matching ['[](?<path>.*)['\]]\.?$/

/** Messages that follow from another error. */
const consequences =
  /^(?:Begin event threw exception|Parse fatal error at line|Parse error in |Occurred at line|Marking this application unavailable|One or more components marked|Context \[.*\] startup failed|Cannot start server|Unable to load server configuration|A child container failed|Error deploying )/i

/** Messages about this host, or about the way in which the check stops Tomcat. */
const ofThisHost =
  /WebappClassLoaderBase|SecureRandom|ClassLoaderFactory|Problem with directory|JreMemoryLeakPrevention/

interface Problem extends ToolMessage {
  /** The reason may be that this Tomcat is older than the one in the spec. */
  readonly isUnknown: boolean
}

const findIn = (
  documents: Documents,
  path: string,
  attribute: { name: string; value: string } | null,
): { path: string; line: number } | null => {
  for (const [file, document] of documents) {
    const line = lineOf(document, path, attribute)
    if (line !== null) return { path: file, line }
  }
  return null
}

const ignored = (record: LogRecord, documents: Documents): Problem | null => {
  const property = ignoredProperty.map((known) => known.exec(record.message)?.groups).find(Boolean)
  if (property !== undefined) {
    const { path = '', name = '', value = '' } = property
    const spot = findIn(documents, path, { name, value })
    const message = `Tomcat ignores ${name}="${value}" of ${path}: the attribute or its value is unknown`
    return {
      severity: 'error',
      path: spot?.path ?? null,
      line: spot?.line ?? null,
      message,
      isUnknown: true,
    }
  }
  const path = ignoredElement.exec(record.message)?.groups?.['path']
  if (path === undefined) return null
  const spot = findIn(documents, path, null)
  const message = `Tomcat ignores the unknown element ${path}`
  return {
    severity: 'error',
    path: spot?.path ?? null,
    line: spot?.line ?? null,
    message,
    isUnknown: true,
  }
}

const misparsed = (record: LogRecord, context: OutputContext): readonly Problem[] =>
  [record.message, ...record.trace].flatMap((line) => {
    const [, file, number, text = ''] = parsed.exec(line) ?? []
    const [, oldNumber, oldText = ''] = parsedOld.exec(line) ?? []
    if (file === undefined && oldNumber === undefined) return []
    const said = file === undefined ? oldText : text
    const words = positionWords.exec(said)
    const message =
      rootCause(record)?.replace(/^SAXParseException; .*/, '') || (words?.[1] ?? words?.[2] ?? said)
    const spot =
      file === undefined
        ? { path: context.fallback, line: Number(oldNumber) }
        : context.placeOf(decodeURI(file), Number(number))
    return [{ severity: 'error', ...spot, message: context.original(message), isUnknown: false }]
  })

const problemOf = (record: LogRecord, context: OutputContext): Problem => {
  const cause = rootCause(record)
  const message = context.original(cause === null ? record.message : `${record.message}: ${cause}`)
  const severity = record.level === 'SEVERE' ? 'error' : 'warning'
  return { severity, path: context.fallback, line: null, message, isUnknown: false }
}

const other = (record: LogRecord, context: OutputContext): Problem | null => {
  const isNoise =
    consequences.test(record.message) || ofThisHost.test(`${record.source} ${record.message}`)
  if (isNoise || (record.level !== 'SEVERE' && record.level !== 'WARNING')) return null
  return problemOf(record, context)
}

const problemsOf = (
  records: readonly LogRecord[],
  documents: Documents,
  context: OutputContext,
): readonly Problem[] => {
  const found = records.flatMap((record) => {
    const located = misparsed(record, context)
    if (located.length > 0) return located
    return ignored(record, documents) ?? other(record, context) ?? []
  })
  if (!found.some(({ severity }) => severity === 'error')) {
    const [severe] = records.filter(({ level }) => level === 'SEVERE')
    if (severe !== undefined) found.push(problemOf(severe, context))
  }
  // Each Host and each deployment repeats the message.
  return [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()]
}

const finding = ({ severity, path, line, message }: Problem): ToolMessage => ({
  severity,
  path,
  line,
  message,
})

/** Reads the output of a start: accepted when Tomcat started and ignored nothing. */
export const readTomcat = (
  answer: ToolOutput,
  documents: Documents,
  context: OutputContext,
): Verdict => {
  const { records, loose } = readLog(answer.output)
  const problems = problemsOf(records, documents, context)
  const errors = problems.filter(({ severity }) => severity === 'error')
  const findings = problems.map(finding)
  if (loose.some((line) => line.includes('UnsupportedClassVersionError')))
    return { kind: 'not-checked', reason: 'the Java of this host is too old for this Tomcat' }
  if (answer.output.includes('ClassNotFoundException: org.apache.catalina.startup.Catalina'))
    return { kind: 'not-checked', reason: 'the jars of this Tomcat cannot be read' }
  if (errors.length === 0) {
    if (answer.isReached) return { kind: 'accepted', findings }
    const said = context.original(loose.at(-1) ?? records.at(-1)?.message ?? 'nothing')
    const how = answer.isTimedOut ? 'did not start in time' : 'ended before it had started'
    return { kind: 'not-checked', reason: `Tomcat ${how}; its last message: ${said}` }
  }
  const [first] = errors
  if (context.lacks !== null && first !== undefined && errors.every(({ isUnknown }) => isUnknown))
    return { kind: 'not-checked', reason: `${context.lacks}: ${first.message}` }
  const others = answer.isReached ? 'accepted' : 'not-checked'
  return { kind: 'refused', findings, others }
}
