import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { readBase } from '../../src/core/dialects/tomcat/base-file.ts'
import {
  type ContextLayers,
  effectiveContext,
} from '../../src/core/dialects/tomcat/effective/contexts.ts'
import {
  type Layer,
  layerOf,
  webXmlCookie,
} from '../../src/core/dialects/tomcat/effective/layer.ts'
import { freePorts } from './support/free-port.ts'
import { get } from './support/http.ts'
import { findTomcat, withServers } from './support/servers.ts'
import { stageTomcat, startTomcat } from './support/tomcat.ts'

type Part = 'inline' | 'global' | 'host' | 'descriptor' | 'application'

/** The Context of each file, with a Manager that is identified by its maxActiveSessions. */
type Texts = Readonly<Partial<Record<Part, string>>> & {
  readonly web?: string
  /** In web.xml.default of the Host. */
  readonly webDefault?: string
}

const context = (attributes: string, manager: number | null): string =>
  `<Context ${attributes}>${manager === null ? '' : `<Manager maxActiveSessions="${manager}"/>`}</Context>`

const full = (part: string, manager: number, more = ''): string =>
  context(`sessionCookieName="${part}"${more}`, manager)

const override = ' override="true"'

/** The files of each context, without the defaults of its host. */
const contexts: Readonly<Record<string, Omit<Texts, 'global' | 'host' | 'webDefault'>>> = {
  plain: {},
  web: { web: 'WEB' },
  inline: { inline: full('INLINE', 10) },
  inlineoverride: { inline: full('INLINE', 10, override), web: 'WEB' },
  inlinebare: { inline: context(override, null), web: 'WEB' },
  inlineapp: { inline: full('INLINE', 10), application: full('META', 40) },
  inlinefile: { inline: full('INLINE', 10), descriptor: full('FILE', 30) },
  inlinealone: { inline: context('', null), descriptor: full('FILE', 30) },
  file: { descriptor: full('FILE', 30), application: full('META', 40), web: 'WEB' },
  filebare: { descriptor: context('', null), application: full('META', 40) },
  fileoverride: { descriptor: context(override, null), application: full('META', 40), web: 'WEB' },
  application: { application: full('META', 40), web: 'WEB' },
  applicationoverride: { application: context(override, null), web: 'WEB' },
  twomanagers: {
    descriptor:
      '<Context><Manager maxActiveSessions="31"/><Manager maxActiveSessions="32"/></Context>',
  },
  webdefault: { descriptor: context(override, null) },
  'nested/deep': { inline: full('INLINE', 10, override) },
  emptyname: { descriptor: '<Context sessionCookieName=""/>', web: 'WEB' },
}

/** The defaults of each host. */
const hosts: Readonly<Record<string, Pick<Texts, 'global' | 'host' | 'webDefault'>>> = {
  both: { global: full('GLOBAL', 20), host: full('HOST', 25), webDefault: 'WEBDEFAULT' },
  one: { global: full('GLOBAL', 20) },
}

/** A Context without `path` has its `docBase` as path. */
const placeOf = (name: string): string =>
  name.includes('/') ? `docBase="${name}"` : `path="/${name}" docBase="${name}"`

const layer = (text: string | undefined): Layer | null => {
  if (text === undefined) return null
  const base = readBase('context.xml', new TextEncoder().encode(text), 'Context')
  if (!base.ok) throw new Error(base.problem.message)
  return layerOf(base.value)
}

const webXml = (name: string): string =>
  `<web-app xmlns="http://java.sun.com/xml/ns/javaee" version="3.0"><session-config><cookie-config><name>${name}</name></cookie-config></session-config></web-app>`

const layersOf = ({ web, webDefault, ...texts }: Texts): ContextLayers => ({
  inline: layer(texts.inline),
  global: layer(texts.global),
  host: layer(texts.host),
  descriptor: layer(texts.descriptor),
  application: layer(texts.application),
  webXmls: [web, webDefault].flatMap((name) =>
    name === undefined
      ? []
      : (webXmlCookie('web.xml', new TextEncoder().encode(webXml(name))) ?? []),
  ),
})

/** What sessctl computes, in the form in which the page of Tomcat reports it. */
const expectedOf = (texts: Texts) => {
  const { cookie, manager } = effectiveContext(layersOf(texts))
  const text = manager?.layer === undefined ? undefined : managerTextOf(texts, manager.layer)
  return { manager: text ?? '-1', cookie: cookie.sessionCookieName?.value ?? 'JSESSIONID' }
}

/** The last maxActiveSessions in the text of a layer. */
const managerTextOf = (texts: Texts, found: Layer): string | undefined => {
  const parts: readonly Part[] = ['inline', 'global', 'host', 'descriptor', 'application']
  const text = parts
    .map((part) => texts[part])
    .find((one) => one !== undefined && JSON.stringify(layer(one)) === JSON.stringify(found))
  return [...(text ?? '').matchAll(/maxActiveSessions="(\d+)"/g)].at(-1)?.[1]
}

/** Tomcat compiles about thirty pages. */
const patience = { timeout: 300_000 }

describe.each(['7.0', '9', '11'])('the effective context of Tomcat %s', (version) => {
  withServers(
    { tomcat: findTomcat(version) },
    'is the one that sessctl computes',
    async ({ tomcat }) => {
      const [port = 0] = await freePorts(1)
      const hostXml = Object.keys(hosts).map((host) => {
        const inlines = Object.entries(contexts).map(
          ([name, { inline }]) => inline?.replace('<Context', `<Context ${placeOf(name)}`) ?? '',
        )
        return `<Host name="${host}" appBase="apps-${host}">${inlines.join('')}</Host>`
      })
      const serverXml = `<Server port="-1"><Service name="Catalina"><Connector port="${port}" address="127.0.0.1"/><Engine name="Catalina" defaultHost="one">${hostXml.join('')}</Engine></Service></Server>`
      const base = stageTomcat(tomcat, { serverXml, contextXml: full('GLOBAL', 20) })
      const write = (path: string, text: string | undefined): void => {
        if (text === undefined) return
        mkdirSync(dirname(join(base.dir, path)), { recursive: true })
        writeFileSync(join(base.dir, path), text)
      }
      for (const [host, defaults] of Object.entries(hosts)) {
        write(`conf/Catalina/${host}/context.xml.default`, defaults.host)
        const { webDefault } = defaults
        write(
          `conf/Catalina/${host}/web.xml.default`,
          webDefault === undefined ? undefined : webXml(webDefault),
        )
        for (const [name, { descriptor, application, web }] of Object.entries(contexts)) {
          const app = `apps-${host}/${name}`
          write(`${app}/WEB-INF/web.xml`, web === undefined ? '<web-app/>' : webXml(web))
          write(`${app}/META-INF/context.xml`, application)
          write(`conf/Catalina/${host}/${name}.xml`, descriptor)
          const page = new URL('support/webapp/manager.jsp', import.meta.url)
          copyFileSync(page, join(base.dir, app, 'manager.jsp'))
        }
      }
      const running = await startTomcat(base, [port])
      for (const [host, defaults] of Object.entries(hosts)) {
        for (const [name, texts] of Object.entries(contexts)) {
          const url = `http://127.0.0.1:${port}/${name}/manager.jsp`
          const seen = await get(url, { headers: { Host: host } })
          const answer = { manager: seen.body.trim(), cookie: seen.setCookies[0]?.name }
          expect([host, name, answer]).toEqual([host, name, expectedOf({ ...defaults, ...texts })])
        }
      }
      await running.stop()
    },
    patience,
  )
})
