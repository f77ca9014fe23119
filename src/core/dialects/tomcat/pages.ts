import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Page, Rendering } from '../dialect.ts'
import { inBase } from './base-file.ts'
import { type BaseServer, hostNameOf } from './base-server.ts'
import type { Bases } from './bases.ts'
import { report } from './codes.ts'
import { contextFileOf } from './context-path.ts'
import { type ContextParts, contextView } from './context-view.ts'
import { cookiesOf } from './cookies.ts'
import { editContext } from './edit-context.ts'
import { editServer } from './edit-server.ts'
import type { Instance } from './instance.ts'
import type { Ports } from './ports.ts'
import { remoteIpOf } from './proxies.ts'
import { serverView } from './server-view.ts'
import { storePages } from './store-pages.ts'
import type { StoreParts } from './stores/parts.ts'
import { attributeValue, type XmlDocument } from './xml/document.ts'

/** An edited file in the encoding that it had, with the byte order mark that it had. */
const editedPage = (path: string, { encoding, bom }: XmlDocument, text: string): Page => ({
  kind: 'edited',
  path,
  text: bom ? `\u{feff}${text}` : text,
  encoding,
})

const serverPage = (
  instance: Instance,
  base: BaseServer | null,
  store: StoreParts,
  ports: Ports,
): Rendering => {
  const { app, server } = instance
  const path = `tomcat/${server.name}/conf/server.xml`
  const remoteIp = remoteIpOf(instance)
  if (base !== null) {
    const { text, diagnostics } = editServer(base, app, server, store, ports, remoteIp.attributes)
    return {
      pages: [editedPage(path, base.document, text)],
      diagnostics: [...remoteIp.diagnostics, ...diagnostics],
    }
  }
  const view = serverView(app, server.route, store, ports, remoteIp.attributes)
  return {
    pages: [{ kind: 'template', path, template: 'tomcat/server', view }],
    diagnostics: remoteIp.diagnostics,
  }
}

const folderName = /^(?!\.+$)[\w.-]+$/

interface ContextFolder {
  /** Below conf/. */
  readonly path: string
  readonly diagnostics: readonly Diagnostic[]
}

/** conf/<Engine>/<Host>/, which Tomcat names after the elements of server.xml. */
const contextFolder = (base: BaseServer | null): ContextFolder => {
  if (base === null) return { path: 'Catalina/localhost', diagnostics: [] }
  const engine = attributeValue(base.engine, 'name') ?? ''
  const host =
    base.host === null
      ? (attributeValue(base.engine, 'defaultHost') ?? '').toLowerCase()
      : hostNameOf(base.host)
  const path = `${engine}/${host}`
  if (folderName.test(engine) && folderName.test(host)) return { path, diagnostics: [] }
  const message = `no folder can be named after Engine "${engine}" and its Host "${host}"`
  const at = inBase(base, base.engine.start)
  const help = 'leave `context` out, so that conf/context.xml is written'
  return { path, diagnostics: [report('tomcat-base-invalid', at, message, help)] }
}

const contextPage = (instance: Instance, bases: Bases, store: StoreParts): Rendering => {
  const { app, frontends, server } = instance
  const file = contextFileOf(app)
  const folder = contextFolder(file.name === null ? null : bases.server)
  const name = file.name === null ? 'context.xml' : `${folder.path}/${file.name}`
  const path = `tomcat/${server.name}/conf/${name}`
  const cookies = cookiesOf(app, frontends)
  const parts: ContextParts = {
    attributes: cookies.context,
    cookieProcessor: cookies.processor,
    store,
  }
  const common = [...file.diagnostics, ...folder.diagnostics, ...cookies.diagnostics]
  if (bases.context !== null) {
    const { text, diagnostics } = editContext(bases.context, parts, app.sessions.store)
    // What stays as it is in the file is not what the store would have said.
    const said = diagnostics.some(({ severity }) => severity === 'warning') ? [] : store.diagnostics
    return {
      pages: [editedPage(path, bases.context.document, text)],
      diagnostics: [...common, ...diagnostics, ...said],
    }
  }
  const view = contextView(app.version, parts, file.name === null)
  return {
    pages: [{ kind: 'template', path, template: 'tomcat/context', view }],
    diagnostics: [...common, ...store.diagnostics],
  }
}

const ajpNote = ({ server }: Instance, base: BaseServer | null, at: Diagnostic['at']) => {
  const { ajpPort } = server.tomcat
  if (ajpPort === null) return []
  const message =
    base?.ajp != null
      ? `the AJP connector of the existing file gets port ${ajpPort}; the balancer does not use it`
      : base === null
        ? `AJP port ${ajpPort} of "${server.name}" is written as a comment: the balancer speaks HTTP`
        : `AJP port ${ajpPort} of "${server.name}" is not written: the balancer speaks HTTP`
  return [report('tomcat-ajp-unused', at, message, null)]
}

/** Everything that is written for one Tomcat. */
export const pagesOf = (
  instance: Instance,
  bases: Bases,
  ports: Ports,
  store: StoreParts,
): Rendering => {
  const server = serverPage(instance, bases.server, store, ports)
  const context = contextPage(instance, bases, store)
  const ajpAt = {
    kind: 'spec',
    path: [...instance.server.path, 'tomcat', 'ajpPort'],
    part: 'value',
  } as const
  return {
    pages: [...server.pages, ...context.pages, ...storePages(instance, store)],
    diagnostics: [
      ...server.diagnostics,
      ...context.diagnostics,
      ...ajpNote(instance, bases.server, ajpAt),
    ],
  }
}
