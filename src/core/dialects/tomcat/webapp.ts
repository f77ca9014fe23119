import { atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { TomcatApp } from '../../model/app.ts'
import type { InputFile, Inputs } from '../dialect.ts'
import { report } from './codes.ts'
import type { Instance } from './instance.ts'
import { childrenOf } from './xml/document.ts'
import { parseXml } from './xml/parse.ts'
import { positionAt } from './xml/problem.ts'

const isReplicated = ({ sessions }: TomcatApp): boolean =>
  sessions.store === 'delta' || sessions.store === 'backup'

/** The web.xml files that are looked into. */
export const webappInputs = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap(({ app }) =>
    app.webapp === null || !isReplicated(app)
      ? []
      : [{ path: app.webapp, at: atValue([...app.path, 'webapp']) }],
  )

const problemsOf = (app: TomcatApp, file: string, inputs: Inputs): readonly Diagnostic[] => {
  const at = atValue([...app.path, 'webapp'])
  const bytes = inputs.get(file)
  const parsed = bytes === undefined ? null : parseXml(bytes)
  if (parsed === null || !parsed.ok) {
    const why = parsed === null ? 'it cannot be read' : parsed.problem.message
    const help = 'name the web.xml of the application, unpacked'
    return [report('tomcat-webapp-invalid', at, `"${file}" is no web.xml: ${why}`, help)]
  }
  const { root, text } = parsed.value
  if (root.name !== 'web-app') {
    const message = `"${file}" is no web.xml: its root element is <${root.name}>`
    return [report('tomcat-webapp-invalid', at, message, 'name the web.xml of the application')]
  }
  if (childrenOf(root, 'distributable').length > 0) return []
  const { line, column, lineText } = positionAt(text, root.start)
  const place = { kind: 'file', file, line, column, lineText } as const
  const message = 'this application is not distributable: its sessions stay in one Tomcat'
  const help = 'add <distributable/> to it, and to each META-INF/web-fragment.xml in WEB-INF/lib'
  return [report('tomcat-not-distributable', place, message, help)]
}

/** Whether the application lets its sessions be copied. */
export const webappProblems = (
  instances: readonly Instance[],
  inputs: Inputs,
): readonly Diagnostic[] =>
  instances.flatMap(({ app }) => {
    if (app.webapp === null) return []
    if (isReplicated(app)) return problemsOf(app, app.webapp, inputs)
    const why = 'only replication asks something of the application'
    return [withoutEffect([...app.path, 'webapp'], null, why)]
  })
