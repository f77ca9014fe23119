/** One record of java.util.logging in the form of org.apache.juli.OneLineFormatter. */
export interface LogRecord {
  readonly level: 'SEVERE' | 'WARNING' | 'INFO' | 'other'
  /** Class and method, such as `org.apache.catalina.startup.Catalina.start`. */
  readonly source: string
  readonly message: string
  /** The lines below it: exceptions, without the frames of their traces. */
  readonly trace: readonly string[]
}

const head = /^\d\d-\w{3}-\d{4} \d\d:\d\d:\d\d\.\d{3} (\S+) \[[^\]]*\] (\S+) (.*)$/

const levelOf = (text: string): LogRecord['level'] =>
  text === 'SEVERE' || text === 'WARNING' || text === 'INFO' ? text : 'other'

const isFrame = (line: string): boolean => /^\s*(?:at |\.\.\. \d+ more)/.test(line)

export interface Log {
  readonly records: readonly LogRecord[]
  /** Lines that are not log records, such as errors of the JVM. */
  readonly loose: readonly string[]
}

/** Reads the console output of a Tomcat. */
export const readLog = (output: string): Log => {
  const records: (LogRecord & { readonly trace: string[] })[] = []
  const loose: string[] = []
  for (const line of output.split('\n')) {
    const [, level, source = '', message = ''] = head.exec(line) ?? []
    const last = records.at(-1)
    if (level !== undefined) records.push({ level: levelOf(level), source, message, trace: [] })
    else if (line.trim() === '' || isFrame(line)) continue
    else if (last !== undefined && /^\s/.test(line)) last.trace.push(line.trim())
    else loose.push(line.trim())
  }
  return { records, loose }
}

/** `java.lang.ClassNotFoundException: x` → `ClassNotFoundException: x`. */
const shortException = (text: string): string =>
  text.replace(/^(?:Caused by: )?(?:[a-z_$][\w$]*\.)+([A-Z][\w$]*)/, '$1')

/** The innermost exception of a record; null when it has none. */
export const rootCause = ({ trace }: LogRecord): string | null => {
  const causes = trace.filter((line) => line.startsWith('Caused by: '))
  const deepest = causes.at(-1) ?? trace.find((line) => /^[\w.$]+(?:Exception|Error)\b/.test(line))
  return deepest === undefined ? null : shortException(deepest)
}
