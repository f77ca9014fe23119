import { atValue, type Diagnostic, type Place } from '../../diagnostics/diagnostic.ts'
import type { TomcatApp } from '../../model/app.ts'
import { isReplicated } from '../../model/sessions.ts'
import type { InputFile, Inputs } from '../dialect.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { childrenOf } from './xml/document.ts'
import { parseXml } from './xml/parse.ts'
import { positionAt } from './xml/problem.ts'

/** The applications that are looked into. */
export const webappInputs = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap(({ app }) =>
    app.webapp === null
      ? []
      : [{ kind: 'webapp', path: app.webapp, at: atValue([...app.path, 'webapp']) }],
  )

const whole = 'name the application unpacked, its .war, or its WEB-INF/web.xml'
const staysInOne = 'its sessions stay in one Tomcat'
const fragments = 'and to each META-INF/web-fragment.xml in WEB-INF/lib'

/** What a web.xml says, whose name in messages is given, and where a remedy would change it. */
const problemsOfXml = (
  bytes: Uint8Array,
  name: string,
  field: Place,
  file: string | null,
): readonly Diagnostic[] => {
  const parsed = parseXml(bytes)
  if (!parsed.ok) {
    const message = `${name} is no web.xml: ${parsed.problem.message}`
    return [report('tomcat-webapp-invalid', field, message, whole)]
  }
  const { root, lines } = parsed.value
  if (root.name !== 'web-app') {
    const message = `${name} is no web.xml: its root element is <${root.name}>`
    return [report('tomcat-webapp-invalid', field, message, whole)]
  }
  if (childrenOf(root, 'distributable').length > 0) return []
  if (file === null) {
    const message = `${name} does not say <distributable/>: ${staysInOne}`
    return [report('tomcat-not-distributable', field, message, `add it there, ${fragments}`)]
  }
  const { line, column, lineText } = positionAt(lines, root.start)
  const place = { kind: 'file', file, line, column, lineText } as const
  const message = `this application is not distributable: ${staysInOne}`
  const help = `add <distributable/> to it, ${fragments}`
  return [report('tomcat-not-distributable', place, message, help)]
}

const problemsOf = (app: TomcatApp, path: string, inputs: Inputs): readonly Diagnostic[] => {
  const at = atValue([...app.path, 'webapp'])
  const input = inputs.get(path)
  if (input === undefined) {
    const message = `"${path}" is no application: it cannot be read`
    return [report('tomcat-webapp-invalid', at, message, whole)]
  }
  if (input instanceof Uint8Array) return problemsOfXml(input, `"${path}"`, at, path)
  if (input.form === 'unreadable' || input.form === 'conf') {
    const why = input.form === 'conf' ? 'it is the folder of a server.xml' : input.why
    const message = `"${path}" is no application: ${why}`
    return [report('tomcat-webapp-invalid', at, message, whole)]
  }
  if (input.webXml === null) {
    const message = `"${path}" has no WEB-INF/web.xml, and is not distributable: ${staysInOne}`
    const help = `give it one with <distributable/>, which no annotation says, ${fragments}`
    return [report('tomcat-not-distributable', at, message, help)]
  }
  return problemsOfXml(input.webXml, `the WEB-INF/web.xml in "${path}"`, at, null)
}

/** Whether the application can be read, and lets its sessions be copied where they are. */
export const webappProblems = (
  instances: readonly Instance[],
  inputs: Inputs,
): readonly Diagnostic[] =>
  instances.flatMap(({ app }) => {
    if (app.webapp === null) return []
    const problems = problemsOf(app, app.webapp, inputs)
    return isReplicated(app.sessions)
      ? problems
      : problems.filter(({ code }) => code !== 'tomcat-not-distributable')
  })
