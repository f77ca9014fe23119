import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { ConfFolder, InputFile, Inputs } from '../../dialect.ts'
import { readBase } from '../base-file.ts'
import type { Bases } from '../bases.ts'
import { contextFileOf, contextFolderOf } from '../context-path.ts'
import type { Instance } from '../instance.ts'
import { type CookieSettings, type Layer, layerOf, webXmlCookie } from './layer.ts'

/** The existing files of one Tomcat that configure contexts. */
export interface ExistingFiles {
  readonly instance: Instance
  readonly bases: Bases
  /** conf/context.xml */
  readonly global: Layer | null
  /** conf/ENGINE/HOST/context.xml.default */
  readonly host: Layer | null
  /** conf/ENGINE/HOST/NAME.xml, by NAME.xml */
  readonly descriptors: ReadonlyMap<string, Layer>
  readonly confWebXml: CookieSettings | null
  /** null: the spec names no application. */
  readonly application: {
    /** The name of its context file, such as ROOT.xml. */
    readonly name: string
    readonly context: Layer | null
    readonly webXml: CookieSettings | null
  } | null
}

const dirname = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.'

/** A path for messages. */
const join = (folder: string, name: string): string => {
  const bare = folder.replace(/\/+$/, '')
  return bare === '.' ? name : `${bare}/${name}`
}

/** The folder of the existing server.xml, as the key of an input; null: there is none. */
const confPathOf = ({ server, app }: Instance): string | null => {
  const base = server.tomcat.base ?? app.base
  return base === null ? null : `${dirname(base)}/`
}

/** The folders of the existing server.xml files. */
export const confInputs = (instances: readonly Instance[]): readonly InputFile[] =>
  instances.flatMap((instance) => {
    const path = confPathOf(instance)
    return path === null ? [] : [{ kind: 'conf', path, at: atValue(instance.server.path) }]
  })

/** null: Tomcat does not deploy a context whose file it cannot read. */
const contextLayer = (file: string, bytes: Uint8Array | null | undefined): Layer | null => {
  const base = bytes ? readBase(file, bytes, 'Context') : null
  return base?.ok === true ? layerOf(base.value) : null
}

/** The file name without `.war` is the name of the context, unless the spec sets a context path. */
const contextNameOf = ({ app }: Instance, path: string): string =>
  contextFileOf(app) ??
  `${path
    .replace(/\/+$/, '')
    .split('/')
    .at(-1)
    ?.replace(/\.war$/i, '')}.xml`

const applicationOf = (instance: Instance, inputs: Inputs): ExistingFiles['application'] => {
  const path = instance.app.webapp
  const input = path === null ? undefined : inputs.get(path)
  if (path === null || input === undefined) return null
  if (input instanceof Uint8Array) {
    const name = contextNameOf(instance, 'ROOT')
    return { name, context: null, webXml: webXmlCookie(path, input) }
  }
  if (input.form !== 'folder' && input.form !== 'war') return null
  const { webXml, contextXml } = input
  return {
    name: contextNameOf(instance, path),
    context: contextLayer(join(path, 'META-INF/context.xml'), contextXml),
    webXml: webXml && webXmlCookie(join(path, 'WEB-INF/web.xml'), webXml),
  }
}

/** The contexts of Tomcat's own applications, which no balancer serves. */
const administration = new Set(['manager.xml', 'host-manager.xml'])

export const existingFilesOf = (
  instance: Instance,
  bases: Bases,
  inputs: Inputs,
): ExistingFiles => {
  const confPath = confPathOf(instance) ?? ''
  const input = inputs.get(confPath)
  const isConf = input !== undefined && !(input instanceof Uint8Array) && input.form === 'conf'
  const files: ConfFolder['files'] = isConf ? input.files : new Map()
  const read = (name: string): Layer | null => contextLayer(join(confPath, name), files.get(name))
  const folder = contextFolderOf(bases.server)
  const names = [...files.keys()]
    .filter((path) => dirname(path) === folder && path.endsWith('.xml'))
    .map((path) => path.slice(folder.length + 1))
  const webXml = files.get('web.xml')
  return {
    instance,
    bases,
    global: read('context.xml'),
    host: read(`${folder}/context.xml.default`),
    descriptors: new Map(
      names.flatMap((name) => {
        const layer = administration.has(name) ? null : read(`${folder}/${name}`)
        return layer === null ? [] : [[name, layer] as const]
      }),
    ),
    confWebXml: webXml === undefined ? null : webXmlCookie(join(confPath, 'web.xml'), webXml),
    application: applicationOf(instance, inputs),
  }
}
