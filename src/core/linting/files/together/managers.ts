import type { Place } from '../../../diagnostics/diagnostic.ts'
import { inBase } from '../../../dialects/tomcat/base-file.ts'
import { report as reportTomcat } from '../../../dialects/tomcat/codes.ts'
import { definingLayer } from '../../../dialects/tomcat/effective/contexts.ts'
import type { Layer } from '../../../dialects/tomcat/effective/layer.ts'
import { attributeValue, childrenOf } from '../../../dialects/tomcat/xml/document.ts'
import { report } from '../codes.ts'
import type { TogetherRule } from '../rule.ts'
import type { TomcatContext, TomcatHost } from '../tomcat/hosts.ts'
import { clustersOf, isReplicated } from '../tomcat/view.ts'

interface Overruled {
  readonly at: Place
  readonly message: string
  readonly help: string
}

/** The file of a place in an existing file. */
export const fileOf = (place: Place): string => (place.kind === 'file' ? place.file : '')

/** `context /shop` */
export const contextLabel = ({ name }: Pick<TomcatContext, 'name'>): string =>
  name === null
    ? 'every context'
    : `context /${name
        .replace(/\.xml$/, '')
        .replace(/^ROOT$/, '')
        .replaceAll('#', '/')}`

/** Where sessions are stored is another matter than the settings of Tomcat's own Manager. */
const isStore = ({ manager }: Layer): boolean =>
  manager !== null && manager.className !== 'org.apache.catalina.session.StandardManager'

/** For a Context in server.xml, conf/context.xml is read after it. */
const overruledInline = (inline: Layer, { effective }: TomcatContext): readonly Overruled[] => {
  const { manager } = effective
  if (inline.manager === null || manager === null || manager.layer === inline) return []
  return [
    {
      at: inline.manager.at,
      message: `Tomcat does not use this Manager: the Manager of ${fileOf(manager.setting.at)} replaces it`,
      help: 'remove one of them, or write override="true" in this Context',
    },
  ]
}

/** The default for all contexts stores sessions, and one context does not use it. */
const overruledDefault = (layer: Layer, context: TomcatContext): readonly Overruled[] => {
  const { manager, read } = context.effective
  if (layer.manager === null || !isStore(layer) || manager?.layer === layer) return []
  const { className, at } = layer.manager
  if (manager !== null && manager.setting.className !== className)
    return [
      {
        at: manager.setting.at,
        message: `${contextLabel(context)} uses this Manager, not ${className} of ${fileOf(at)}`,
        help: 'remove this Manager, unless the context should store its sessions elsewhere',
      },
    ]
  const own = definingLayer(context.layers)
  if (manager !== null || own === null || read.includes(layer)) return []
  return [
    {
      at: own.at,
      message: `${contextLabel(context)} does not use ${className}: with override="true" Tomcat does not read ${fileOf(at)}`,
      help: 'remove override="true", or write the Manager into this file, too',
    },
  ]
}

/** A file of the context that Tomcat does not read, because another one defines the context. */
const unread = (layer: Layer, context: TomcatContext): readonly Overruled[] => {
  const { manager, read } = context.effective
  const own = definingLayer(context.layers)
  if (layer.manager === null || !isStore(layer) || own === null || read.includes(layer)) return []
  if (manager?.setting.className === layer.manager.className) return []
  return [
    {
      at: layer.manager.at,
      message: `Tomcat does not use this Manager: ${contextLabel(context)} is defined in ${fileOf(own.at)}, and this file is not read`,
      help: 'write the Manager into that file, or remove the context from it',
    },
  ]
}

const overruledIn = (context: TomcatContext): readonly Overruled[] => {
  const { inline, global, host, descriptor, application } = context.layers
  const all = [inline, global, host, descriptor, application].filter((layer) => layer !== null)
  return [
    ...all.flatMap(({ unused }) =>
      unused.map((at) => ({
        at,
        message: 'Tomcat does not use this Manager: it uses the last one of the Context',
        help: 'remove one of them',
      })),
    ),
    ...(inline === null ? [] : overruledInline(inline, context)),
    ...[global, host].flatMap((each) => (each === null ? [] : overruledDefault(each, context))),
    ...[descriptor, application].flatMap((each) => (each === null ? [] : unread(each, context))),
  ]
}

const keyOf = (at: Place): string =>
  at.kind === 'file' ? `${at.file}:${at.line}:${at.column}` : JSON.stringify(at)

/** A Manager that another file overrules, where the winner or the loser is written. */
export const managerOverruled: TogetherRule = ({ tomcat }, findings) => {
  const reported = new Set<string>()
  for (const { contexts } of tomcat.hosts)
    for (const context of contexts)
      for (const { at, message, help } of overruledIn(context)) {
        const key = keyOf(at)
        if (reported.has(key)) continue
        reported.add(key)
        report(findings, 'manager-overruled', at, message, help)
      }
}

/** The file that makes Tomcat replicate the sessions of a context; null: none. */
const replicating = (host: TomcatHost, { effective }: TomcatContext): string | null => {
  const { manager } = effective
  if (manager !== null)
    return isReplicated(manager.setting.className) ? fileOf(manager.setting.at) : null
  const cluster = clustersOf(host).find((each) =>
    isReplicated(attributeValue(each, 'className') ?? ''),
  )
  return cluster === undefined || host.server === null ? null : host.server.file
}

/** Without <distributable/> Tomcat uses its local Manager. */
export const notDistributable: TogetherRule = ({ tomcat }, findings) => {
  const reported = new Set<string>()
  for (const host of tomcat.hosts) {
    const applications = host.contexts.flatMap((context) => {
      const { webXml } = context
      const file = replicating(host, context)
      return webXml === null || file === null ? [] : [{ webXml, file }]
    })
    const isSet = applications.some(
      ({ webXml: { document } }) => childrenOf(document.root, 'distributable').length > 0,
    )
    // Where one application is distributable, the others are not on purpose.
    if (isSet) continue
    for (const { webXml, file } of applications) {
      if (reported.has(webXml.file)) continue
      reported.add(webXml.file)
      reportTomcat(
        findings,
        'tomcat-not-distributable',
        inBase(webXml, webXml.document.root.start),
        `the application is not distributable: Tomcat does not replicate its sessions, although ${file} says so`,
        'write <distributable/> into this file',
      )
    }
  }
}
