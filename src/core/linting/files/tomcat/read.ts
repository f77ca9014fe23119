import { folderOf } from '../../../config/glob.ts'
import { looksLikeTemplate } from '../../../config/looks-like-template.ts'
import { decodeConfig } from '../../../config/text.ts'
import type { Findings } from '../../../diagnostics/findings.ts'
import { parseXml } from '../../../dialects/tomcat/xml/parse.ts'
import { report } from '../codes.ts'
import type { GivenFile } from '../given-file.ts'
import { applicationsIn } from './applications.ts'
import { type Conf, tomcatHosts } from './hosts.ts'
import type { TomcatFile, TomcatFiles } from './view.ts'

/** Suffixes of templates: `context.xml.j2` becomes `context.xml`. */
const ofTemplate = /\.(?:j2|tpl|tmpl|template|erb|in|dist)$/i

/** The path of a file below a folder, as Tomcat names it; null: it is not below it. */
const nameIn = (folder: string, path: string): string | null =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).replace(ofTemplate, '') : null

/** Files next to server.xml, and those of its Hosts. */
const ofConf =
  /^(?:context\.xml|web\.xml|[^/]+\/[^/]+\/(?:[^/]+\.xml|(?:context|web)\.xml\.default))$/

const isOfConf = (name: string | null): name is string =>
  name !== null && ofConf.test(name) && !/^(?:META|WEB)-INF\//.test(name)

/** A conf/web.xml whose server.xml is not given sets defaults, and belongs to no application. */
const isDefault = ({ path, document }: TomcatFile): boolean =>
  document.root.name === 'web-app' && /(?:^|\/)conf\/web\.xml(?:\.\w+)?$/.test(path)

/** Each server.xml with the files of its folder; a context.xml without one is a Tomcat, too. */
const confsIn = (files: readonly TomcatFile[]) => {
  const servers = files.filter(({ document }) => document.root.name === 'Server')
  const folders = [...new Set(servers.map(({ path }) => folderOf(path)))]
  const inFolders = new Map(
    folders.map((folder) => [
      folder,
      files.flatMap((file) => {
        const name = nameIn(folder, file.path)
        return isOfConf(name) && file.document.root.name !== 'Server' ? [[name, file] as const] : []
      }),
    ]),
  )
  const used = new Set([...inFolders.values()].flat().map(([, file]) => file))
  const left = files.filter(
    (file) => !used.has(file) && file.document.root.name !== 'Server' && !isDefault(file),
  )
  const alone = left.filter(
    ({ document, path }) =>
      document.root.name === 'Context' && !folderOf(path).endsWith('META-INF'),
  )
  const confs: readonly Conf[] = [
    ...servers.map((server) => ({
      server,
      files: new Map(inFolders.get(folderOf(server.path)) ?? []),
    })),
    ...alone.map((file) => ({ server: null, files: new Map([['context.xml', file] as const]) })),
  ]
  const applications = applicationsIn(left.filter((file) => !alone.includes(file)))
  const isNone = confs.length === 0 && applications.length > 0
  return { servers, applications, confs: isNone ? [{ server: null, files: new Map() }] : confs }
}

/** The XML files that can be read; one that Tomcat would refuse is reported. */
const readXml = (given: readonly GivenFile[], findings: Findings): readonly TomcatFile[] =>
  given.flatMap(({ path, file, bytes }) => {
    const result = parseXml(bytes)
    if (result.ok) return [{ path, file, bytes, document: result.value }]
    const { message, help, at } = result.problem
    // Before a template is filled in, it need not be XML.
    if (!ofTemplate.test(path) && !looksLikeTemplate(decodeConfig(bytes).text)) {
      const { line, column, lineText } = at ?? { line: null, column: null, lineText: null }
      const place = { kind: 'file', file, line, column, lineText } as const
      report(findings, 'file-syntax', place, message, help)
    }
    return []
  })

/** The XML files of Tomcats, sorted by the Tomcats that read them. */
export const readTomcat = (given: readonly GivenFile[], findings: Findings): TomcatFiles => {
  const { servers, applications, confs } = confsIn(readXml(given, findings))
  return { servers, hosts: tomcatHosts(confs, applications) }
}
