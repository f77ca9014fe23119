import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { ConfFolder, InputFile, Inputs, Webapp } from '../../dialect.ts'
import { openBase } from '../base-file.ts'
import { hostNameOf } from '../base-server.ts'
import type { Bases } from '../bases.ts'
import { contextFileOf } from '../context-path.ts'
import type { Instance } from '../instance.ts'
import { attributeValue } from '../xml/document.ts'
import { type Layer, layerOf, type SaidCookie } from './layer.ts'
import { webXmlCookie } from './web-xml.ts'

/** Everything that is known of the existing files of one Tomcat. */
export interface Site {
  readonly instance: Instance
  readonly bases: Bases
  /** conf/context.xml and context.xml.default, as they are there. */
  readonly global: Layer | null
  readonly host: Layer | null
  /** conf/ENGINE/HOST/NAME.xml, by NAME.xml */
  readonly descriptors: ReadonlyMap<string, Layer>
  readonly confWebXml: SaidCookie | null
  /** null: the spec names none. */
  readonly application: {
    /** Of its context file, such as ROOT.xml. */
    readonly name: string
    readonly context: Layer | null
    readonly webXml: SaidCookie | null
  } | null
}

const dirname = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'

/** A path as messages show it. */
const join = (folder: string, name: string): string => {
  const bare = folder.replace(/\/+$/, '')
  return bare === '.' ? name : `${bare}/${name}`
}

/** The folder of the server.xml of an instance, as the key of an input; null without one. */
const confPathOf = ({ server, app }: Instance): string | null => {
  const base = server.tomcat.base ?? app.base
  return base === null ? null : `${dirname(base)}/`
}

/** The folders that may hold more of what an existing server.xml belongs to. */
export const confInputs = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap((instance) => {
    const path = confPathOf(instance)
    return path === null ? [] : [{ kind: 'conf', path, at: atValue(instance.server.path) }]
  })

const opened = (file: string, bytes: Uint8Array | undefined): Layer | null => {
  if (bytes === undefined) return null
  const base = openBase(file, bytes, 'Context')
  // Tomcat does not deploy what it cannot read.
  return 'severity' in base ? null : layerOf(base)
}

const isWebapp = (input: ReturnType<Inputs['get']>): input is Webapp =>
  input !== undefined && !(input instanceof Uint8Array) && input.form !== 'conf'

/** Its name without `.war` is the name of the context, unless the spec names one. */
const contextNameOf = ({ app }: Instance, path: string): string =>
  contextFileOf(app).name ??
  `${path
    .replace(/\/+$/, '')
    .split('/')
    .at(-1)
    ?.replace(/\.war$/i, '')}.xml`

const applicationOf = (instance: Instance, inputs: Inputs): Site['application'] => {
  const path = instance.app.webapp
  if (path === null) return null
  const input = inputs.get(path)
  if (input instanceof Uint8Array)
    return {
      name: contextNameOf(instance, 'ROOT'),
      context: null,
      webXml: webXmlCookie(path, input),
    }
  if (!isWebapp(input) || input.form === 'unreadable') return null
  const { webXml, contextXml } = input
  return {
    name: contextNameOf(instance, path),
    context: opened(join(path, 'META-INF/context.xml'), contextXml),
    webXml: webXml === null ? null : webXmlCookie(join(path, 'WEB-INF/web.xml'), webXml),
  }
}

const folderOf = ({ server }: Bases): string => {
  if (server === null) return 'Catalina/localhost'
  const host =
    server.host === null ? attributeValue(server.engine, 'defaultHost') : hostNameOf(server.host)
  return `${attributeValue(server.engine, 'name') ?? ''}/${(host ?? '').toLowerCase()}`
}

/** Contexts of Tomcat itself, of which no balancer knows. */
const administration = new Set(['manager.xml', 'host-manager.xml'])

/** Reads what lies around the existing files of an instance. */
export const siteOf = (instance: Instance, bases: Bases, inputs: Inputs): Site => {
  const confPath = confPathOf(instance)
  const input = confPath === null ? undefined : inputs.get(confPath)
  const isConf = input !== undefined && !(input instanceof Uint8Array) && input.form === 'conf'
  const files: ConfFolder['files'] = isConf ? input.files : new Map()
  const read = (name: string): Layer | null => opened(join(confPath ?? '', name), files.get(name))
  const folder = folderOf(bases)
  const names = [...files.keys()].filter(
    (path) => dirname(path) === folder && path.endsWith('.xml'),
  )
  const webXml = files.get('web.xml')
  return {
    instance,
    bases,
    global: read('context.xml'),
    host: read(`${folder}/context.xml.default`),
    descriptors: new Map(
      names.flatMap((path) => {
        const name = path.slice(folder.length + 1)
        const layer = administration.has(name) ? null : read(path)
        return layer === null ? [] : [[name, layer] as const]
      }),
    ),
    confWebXml: webXml === undefined ? null : webXmlCookie(join(confPath ?? '', 'web.xml'), webXml),
    application: applicationOf(instance, inputs),
  }
}
