import { readHaproxy } from '../../config/haproxy/config.ts'
import { readHttpdFiles } from '../../config/httpd/files.ts'
import type { HttpdFiles } from '../../config/httpd/statements.ts'
import { foreignPlaceholder } from '../../config/looks-like-template.ts'
import { type NginxFiles, readNginxFiles } from '../../config/nginx/files.ts'
import { type ConfigProblem, decodeConfig } from '../../config/text.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { Findings } from '../../diagnostics/findings.ts'
import { type LocatedDiagnostic, locate, type Source } from '../../diagnostics/located.ts'
import { withoutIgnoredIn } from '../../ignored.ts'
import type { Version } from '../../model/version.ts'
import { report } from './codes.ts'
import { type ConfigFile, configFile } from './config-file.ts'
import type { GivenFile } from './given-file.ts'
import { haproxyRules } from './haproxy/rules/index.ts'
import { type HaproxyView, haproxyView } from './haproxy/view.ts'
import { httpdRules } from './httpd/rules/index.ts'
import { type HttpdFile, httpdFile } from './httpd/view.ts'
import type { FileKind } from './kind.ts'
import { nginxRules } from './nginx/rules/index.ts'
import { type NginxView, nginxView } from './nginx/view.ts'
import { togetherRules } from './together/rules.ts'
import { readTomcat } from './tomcat/read.ts'

export interface FileSettings {
  /** Null: not known. */
  readonly nginxVersion: Version | null
}

/** The places of files are complete already. */
const nowhere: Source = {
  file: '',
  text: '',
  range: () => [0, 0],
  edit: () => null,
  secrets: () => [],
}

const byPathOf = (files: readonly GivenFile[]): ReadonlyMap<string, Uint8Array> =>
  new Map(files.map(({ path, bytes }) => [path, bytes]))

/** What every reader of a configuration returns. */
interface ReadFile {
  readonly text: string
  readonly isTemplate: boolean
  readonly problems: readonly ConfigProblem[]
}

/** Reports the first thing in a file that its server would refuse. */
const checkSyntax = (
  { isTemplate, problems, text }: ReadFile,
  source: ConfigFile | undefined,
  help: string,
  findings: Findings,
): void => {
  const [problem] = problems
  if (problem === undefined || source === undefined) return
  if (isTemplate || foreignPlaceholder.test(text)) return
  report(findings, 'file-syntax', source.at(problem.at, problem.at + 1), problem.message, help)
}

interface Configuration {
  readonly main: string
  readonly files: ReadonlyMap<string, ReadFile>
}

/** The configurations that begin with a given file, which no other given one includes. */
const configurationsOf = <Read extends Configuration>(
  files: readonly GivenFile[],
  read: (main: string, byPath: ReadonlyMap<string, Uint8Array>) => Read,
): readonly Read[] => {
  const all = files
    .filter(({ isIncluded }) => !isIncluded)
    .map(({ path }) => read(path, byPathOf(files)))
  const included = new Set(
    all.flatMap((each) => [...each.files.keys()].filter((path) => path !== each.main)),
  )
  return all.filter(({ main }) => !included.has(main))
}

const checkNginx = (
  files: readonly GivenFile[],
  sources: ReadonlyMap<string, ConfigFile>,
  { nginxVersion }: FileSettings,
  findings: Findings,
): NginxView => {
  const configurations = configurationsOf<NginxFiles>(files, readNginxFiles)
  for (const configuration of configurations)
    for (const [path, document] of configuration.files)
      checkSyntax(document, sources.get(path), 'nginx -t shows what nginx says', findings)
  const view = nginxView(configurations, sources, nginxVersion)
  for (const rule of nginxRules) rule(view, findings)
  return view
}

const checkHaproxy = (
  files: readonly GivenFile[],
  sources: ReadonlyMap<string, ConfigFile>,
  findings: Findings,
): HaproxyView => {
  const view = haproxyView(
    files.map(({ bytes, file, path }) => ({
      path,
      source: sources.get(path) ?? configFile(file, ''),
      config: readHaproxy(bytes),
    })),
  )
  for (const { config, source } of view.files)
    checkSyntax(config, source, 'haproxy -c -f FILE shows what HAProxy says', findings)
  for (const rule of haproxyRules) rule(view, findings)
  return view
}

const checkHttpd = (
  files: readonly GivenFile[],
  sources: ReadonlyMap<string, ConfigFile>,
  findings: Findings,
): readonly HttpdFile[] => {
  const configurations = configurationsOf<HttpdFiles>(files, readHttpdFiles)
  // Several sites may include one file.
  const read = new Map(configurations.flatMap((each) => [...each.files]))
  for (const [path, document] of read)
    checkSyntax(document, sources.get(path), 'apachectl configtest shows what httpd says', findings)
  const views = configurations.map((each) => httpdFile(each, sources))
  for (const view of views) for (const rule of httpdRules) rule(view, findings)
  return views
}

/** A file that several configurations include is checked in each of them. */
const withoutRepeated = (all: readonly LocatedDiagnostic[]): readonly LocatedDiagnostic[] => [
  ...new Map(
    all.map((each) => [JSON.stringify([each.code, each.location, each.message]), each]),
  ).values(),
]

/** All rules over files that sessctl did not write, read together. */
export const lintFiles = (
  given: readonly GivenFile[],
  settings: FileSettings,
): readonly LocatedDiagnostic[] => {
  const sources = new Map(
    given.map(({ path, file, bytes }) => [path, configFile(file, decodeConfig(bytes).text)]),
  )
  const of = (kind: FileKind): readonly GivenFile[] => given.filter((each) => each.kind === kind)
  const findings = new Findings()
  const nginx = checkNginx(of('nginx'), sources, settings, findings)
  const haproxy = checkHaproxy(of('haproxy'), sources, findings)
  const httpd = checkHttpd(of('httpd'), sources, findings)
  const together = { nginx, haproxy, httpd, tomcat: readTomcat(of('tomcat'), findings) }
  for (const rule of togetherRules) rule(together, findings)
  let shown = withoutRepeated(locate(findings.all, nowhere))
  const problems: Diagnostic[] = []
  for (const { path, kind } of given) {
    const source = sources.get(path)
    if (source === undefined) continue
    const left = withoutIgnoredIn(shown, source, kind)
    shown = left.shown
    problems.push(...left.problems)
  }
  return locate(problems, nowhere).concat(shown)
}
