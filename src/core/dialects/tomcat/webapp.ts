import { atValue, type Place } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { isReplicated } from '../../model/sessions.ts'
import type { InputFile, Inputs } from '../dialect.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { childrenOf } from './xml/document.ts'
import { parseXml } from './xml/parse.ts'
import { positionAt } from './xml/problem.ts'

/** The applications that the spec names. */
export const webappInputs = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap(({ app }) =>
    app.webapp === null
      ? []
      : [{ kind: 'webapp', path: app.webapp, at: atValue([...app.path, 'webapp']) }],
  )

interface Problem {
  readonly code: 'tomcat-webapp-invalid' | 'tomcat-not-distributable'
  readonly message: string
  readonly help: string
  /** null: at the field of the spec. */
  readonly at: Place | null
}

const invalid = (message: string): Problem => ({
  code: 'tomcat-webapp-invalid',
  message,
  help: 'name the unpacked application, its .war file, or its WEB-INF/web.xml',
  at: null,
})

const notDistributable = (message: string, remedy: string, at: Place | null = null): Problem => ({
  code: 'tomcat-not-distributable',
  message: `${message}: Tomcat does not replicate its sessions`,
  help: `${remedy}, and to each META-INF/web-fragment.xml in WEB-INF/lib`,
  at,
})

const problemOf = (path: string, input: ReturnType<Inputs['get']>): Problem | null => {
  if (input === undefined) return invalid(`cannot read the application "${path}"`)
  const isFile = input instanceof Uint8Array
  if (!isFile && input.form === 'conf')
    return invalid(`"${path}" is not an application: it is the folder of a server.xml`)
  if (!isFile && input.form === 'config')
    return invalid(`"${path}" is not an application: it is the configuration of a proxy`)
  if (!isFile && input.form === 'unreadable')
    return invalid(`"${path}" is not an application: ${input.why}`)
  const bytes = isFile ? input : input.webXml
  if (bytes === null)
    return notDistributable(
      `"${path}" has no WEB-INF/web.xml, so it is not distributable`,
      'add a web.xml with <distributable/> (no annotation can set it)',
    )
  const name = isFile ? `"${path}"` : `the WEB-INF/web.xml in "${path}"`
  const parsed = parseXml(bytes)
  if (!parsed.ok) return invalid(`${name} is not a web.xml: ${parsed.problem.message}`)
  const { root, lines } = parsed.value
  if (root.name !== 'web-app')
    return invalid(`${name} is not a web.xml: its root element is <${root.name}>`)
  if (childrenOf(root, 'distributable').length > 0) return null
  return isFile
    ? notDistributable(
        'this application is not distributable',
        'add <distributable/> to this file',
        { kind: 'file', file: path, ...positionAt(lines, root.start) },
      )
    : notDistributable(`${name} does not contain <distributable/>`, 'add <distributable/> to it')
}

/** Reports applications that cannot be read, or whose sessions Tomcat would not replicate. */
export const reportWebapps = (
  instances: readonly Instance[],
  inputs: Inputs,
  findings: Findings,
): void => {
  for (const { app } of instances) {
    const problem = app.webapp === null ? null : problemOf(app.webapp, inputs.get(app.webapp))
    if (problem === null) continue
    const { code, message, help, at } = problem
    if (code === 'tomcat-not-distributable' && !isReplicated(app.sessions)) continue
    report(findings, code, at ?? atValue([...app.path, 'webapp']), message, help)
  }
}
