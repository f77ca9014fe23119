import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { ConfFolder, InputFile, Inputs } from '../../dialect.ts'
import type { Bases } from '../bases.ts'
import { contextFileOf } from '../context-path.ts'
import type { Instance } from '../instance.ts'
import {
  type ApplicationFiles,
  type ConfFile,
  contextLayer,
  type HostFiles,
  hostFilesOf,
} from './host-files.ts'
import { webXmlCookie } from './layer.ts'

/** The existing files of one Tomcat that configure contexts. */
export interface ExistingFiles {
  readonly instance: Instance
  readonly host: HostFiles
  /** The name of the context file of the application, such as ROOT.xml; null: the spec names none. */
  readonly application: string | null
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

/** The file name without `.war` is the name of the context, unless the spec sets a context path. */
const contextNameOf = ({ app }: Instance, path: string): string =>
  contextFileOf(app) ??
  `${path
    .replace(/\/+$/, '')
    .split('/')
    .at(-1)
    ?.replace(/\.war$/i, '')}.xml`

const applicationOf = (
  instance: Instance,
  inputs: Inputs,
): readonly [name: string, files: ApplicationFiles] | null => {
  const path = instance.app.webapp
  const input = path === null ? undefined : inputs.get(path)
  if (path === null || input === undefined) return null
  if (input instanceof Uint8Array)
    return [contextNameOf(instance, 'ROOT'), { context: null, webXml: webXmlCookie(path, input) }]
  if (input.form !== 'folder' && input.form !== 'war') return null
  const { webXml, contextXml: bytes } = input
  const file = join(path, 'META-INF/context.xml')
  return [
    contextNameOf(instance, path),
    {
      context: bytes === undefined ? null : contextLayer({ file, bytes }),
      webXml: webXml && webXmlCookie(join(path, 'WEB-INF/web.xml'), webXml),
    },
  ]
}

export const existingFilesOf = (
  instance: Instance,
  bases: Bases,
  inputs: Inputs,
): ExistingFiles => {
  const confPath = confPathOf(instance) ?? ''
  const input = inputs.get(confPath)
  const isConf = input !== undefined && !(input instanceof Uint8Array) && input.form === 'conf'
  const files: ConfFolder['files'] = isConf ? input.files : new Map()
  const conf = new Map(
    [...files].map(([name, bytes]): [string, ConfFile] => [
      name,
      { file: join(confPath, name), bytes },
    ]),
  )
  const application = applicationOf(instance, inputs)
  return {
    instance,
    host: hostFilesOf(bases.server, conf, new Map(application === null ? [] : [application])),
    application: application?.[0] ?? null,
  }
}
