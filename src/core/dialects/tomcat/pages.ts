import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import type { Version } from '../../model/version.ts'
import type { Page } from '../dialect.ts'
import { type AjpParts, ajpPartsOf, reportMissingSecret, speaksAjp } from './ajp.ts'
import type { BaseFile } from './base-file.ts'
import { report } from './codes.ts'
import {
  contextFileOf,
  contextFolderOf,
  reportContextFolder,
  reportContextPath,
} from './context-path.ts'
import { type Cookies, cookiesOf } from './cookies.ts'
import { editContext } from './edit/context.ts'
import { editServer } from './edit/server.ts'
import type { PlacedInstance } from './ports.ts'
import { remoteIpOf } from './proxies.ts'
import { releaseLineOf } from './release.ts'
import { serverView } from './server-view.ts'
import { reportKeptSessions } from './stores/local.ts'
import type { StoreParts } from './stores/parts.ts'
import { webDefaultsPages } from './web-defaults.ts'
import { withByteOrderMark } from './xml/decode.ts'
import { newElement, type XmlNode, xmlNode } from './xml/write.ts'

/** An edited file keeps its encoding and its byte order mark. */
const editedPage = (path: string, { document, file }: BaseFile, text: string): Page => ({
  kind: 'edited',
  path,
  source: file,
  text: withByteOrderMark(document, text),
  encoding: document.encoding,
})

const serverPage = (
  instance: PlacedInstance,
  store: StoreParts,
  ajp: AjpParts,
  findings: Findings,
): Page => {
  const base = instance.bases.server
  const path = `tomcat/${instance.server.name}/conf/server.xml`
  const remoteIp = remoteIpOf(instance, findings)
  reportMissingSecret(instance, base?.connector ?? null, findings)
  if (base !== null) {
    const text = editServer(base, instance, store, ajp, remoteIp, findings)
    return editedPage(path, base, text)
  }
  const view = serverView(instance, store, ajp, remoteIp)
  return { kind: 'template', path, template: 'tomcat/server', view }
}

/** What the spec sets in a Context. */
export interface ContextParts {
  readonly attributes: Cookies['context']
  readonly cookieProcessor: Cookies['processor']
  readonly store: StoreParts
}

/** Files whose change reloads a context, as in the context.xml of the release. */
const watchedResourcesOf = (version: Version): readonly XmlNode[] => {
  const line = releaseLineOf(version)
  const shared = ['$', '{catalina.base}/conf/web.xml'].join('')
  const files = [
    'WEB-INF/web.xml',
    ...(line === '7.0' || line === '8.5' ? [] : ['WEB-INF/tomcat-web.xml']),
    ...(line === '7.0' ? [] : [shared]),
  ]
  return files.map((text) => ({ ...xmlNode('WatchedResource', []), text }))
}

const contextNode = (parts: ContextParts, watched: readonly XmlNode[]): XmlNode => {
  const { attributes, cookieProcessor, store } = parts
  return xmlNode('Context', attributes, [
    ...watched,
    ...(cookieProcessor.length === 0 ? [] : [xmlNode('CookieProcessor', cookieProcessor)]),
    ...store.resources,
    ...store.valves,
    ...(store.manager === null ? [] : [store.manager]),
  ])
}

const contextPage = (instance: PlacedInstance, store: StoreParts, findings: Findings): Page => {
  const { app, frontends, server, bases } = instance
  reportContextPath(app, findings)
  const file = contextFileOf(app)
  if (file !== null && bases.server !== null) reportContextFolder(bases.server, findings)
  const name = file === null ? 'context.xml' : `${contextFolderOf(bases.server)}/${file}`
  const path = `tomcat/${server.name}/conf/${name}`
  const cookies = cookiesOf(app, frontends, findings)
  const parts = { attributes: cookies.context, cookieProcessor: cookies.processor, store }
  if (bases.context !== null) {
    const text = editContext(bases.context, parts, app, findings)
    return editedPage(path, bases.context, text)
  }
  if (app.sessions.store === 'local') reportKeptSessions(app, findings)
  const context = contextNode(parts, file === null ? watchedResourcesOf(app.version) : [])
  const view = { context: newElement(context, 0) }
  return { kind: 'template', path, template: 'tomcat/context', view }
}

/** bin/setenv.sh, which bin/catalina.sh reads; none if there is nothing to set. */
const setenvPage = (
  { properties, secrets, encoded }: Pick<StoreParts, 'properties' | 'secrets' | 'encoded'>,
  folder: string,
): readonly Page[] =>
  properties.length === 0 && secrets.length === 0
    ? []
    : [
        {
          kind: 'template',
          path: `${folder}/bin/setenv.sh`,
          template: 'tomcat/setenv',
          view: {
            options: properties.map(([name, value]) => `-D${name}=${value}`),
            // A relative path must not depend on the folder in which catalina.sh is started.
            secrets: secrets.map(({ name, file }) => ({
              name,
              file,
              isBelowBase: !file.startsWith('/'),
            })),
            encoded,
          },
        },
      ]

const reportUnusedAjp = (instance: PlacedInstance, findings: Findings): void => {
  const { server, bases } = instance
  const { ajpPort } = server.tomcat
  if (ajpPort === null || speaksAjp(instance)) return
  const base = bases.server
  const written = base === null ? 'is written as a comment' : 'is not written'
  const message =
    base === null || base.other === null
      ? `AJP port ${ajpPort} of "${server.name}" ${written}: the balancer connects by HTTP`
      : `the AJP Connector of the existing file gets port ${ajpPort}, but the balancer connects by HTTP`
  const at = atValue([...server.path, 'tomcat', 'ajpPort'])
  report(findings, 'tomcat-ajp-unused', at, message, null)
}

/** The variables of the session store, and those of the AJP Connector. */
const withAjp = ({ properties, secrets, encoded }: StoreParts, ajp: AjpParts) => ({
  properties: [...new Map([...properties, ...ajp.properties])],
  secrets: [...secrets, ...ajp.secrets],
  encoded,
})

/** The files of one Tomcat. */
export const pagesOf = (
  instance: PlacedInstance,
  store: StoreParts,
  findings: Findings,
): readonly Page[] => {
  const folder = `tomcat/${instance.server.name}`
  const ajp = ajpPartsOf(instance, findings)
  reportUnusedAjp(instance, findings)
  return [
    serverPage(instance, store, ajp, findings),
    contextPage(instance, store, findings),
    ...webDefaultsPages(instance, findings),
    ...store.files.map((page) => ({ ...page, path: `${folder}/${page.path}` })),
    ...setenvPage(withAjp(store, ajp), folder),
  ]
}
