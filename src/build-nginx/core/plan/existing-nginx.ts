import type { NginxFacts } from '../abi/read.ts'
import { unknownDrops } from '../configure/like.ts'
import { printedArguments } from '../configure/printed.ts'
import type { BuildRequest } from '../request.ts'
import type { Source } from '../sources/source.ts'
import { type Advice, error, warning } from './advice.ts'

/** The package that an installed nginx belongs to. */
export interface InstalledPackage {
  readonly manager: 'dpkg' | 'rpm'
  /** Of the source package. */
  readonly source: string
  readonly version: string
  /** Made by Debian or Ubuntu, whose archives have its source. */
  readonly isDebian: boolean
  /** Of rpm: where the package nginx-mod-devel has the patched source of this revision; null: not installed. */
  readonly develFolder: string | null
}

/** The nginx that a build is like, or is for. */
export interface ExistingNginx {
  /** Null: there is none. */
  readonly target: NginxFacts | null
  /** Null where no package manager knows it. */
  readonly installed: InstalledPackage | null
}

/** What keeps the arguments and the source of an installed nginx from being used. */
export const targetAdvice = (
  request: BuildRequest,
  target: NginxFacts | null,
): readonly Advice[] => {
  const file = request.forNginx ?? request.like
  if (file === null || target === null) return []
  if (target.product !== null && request.nginx === null) {
    return [
      error(
        `${file} is ${target.product}, which is built from another source than nginx`,
        'set its own source with --source (a folder, a tarball or a git URL)',
      ),
    ]
  }
  const written = target.configureArguments
  if (written === null) {
    return [error(`${file} has no configure arguments in it`, 'append its flags after --')]
  }
  if (printedArguments(written) === null) {
    return [
      error(
        `the configure arguments of ${file} cannot be read: ${written}`,
        'build without --like and --for, and append the flags after --',
      ),
    ]
  }
  const unknown = unknownDrops(written, request.dropped)
  return unknown.length === 0
    ? []
    : [
        error(
          `--drop ${unknown.join(', ')}: ${file} was not configured with this flag`,
          `its flags are: ${written}`,
        ),
      ]
}

/** Debian and Ubuntu build in /build; their patches change structs, so their sources are needed. */
const isBuiltByDebian = (target: NginxFacts | null): boolean =>
  /-prefix-map=\/build\/\S*nginx/.test(target?.configureArguments ?? '')

export const isDebianNginx = ({ target, installed }: ExistingNginx): boolean =>
  installed?.isDebian === true || isBuiltByDebian(target)

/** Where nginx comes from unless --source says otherwise. */
export const nginxSource = (
  { nginx, forNginx, like }: BuildRequest,
  { target, installed }: ExistingNginx,
  release: string,
): { readonly source: Source; readonly advice: readonly Advice[] } => {
  const file = forNginx ?? like
  if (nginx !== null) return { source: nginx, advice: [] }
  const upstream: Source = { kind: 'release', version: release }
  if (file === null) return { source: upstream, advice: [] }
  if (installed?.manager === 'rpm') {
    if (forNginx !== null && installed.develFolder !== null)
      return { source: { kind: 'local', path: installed.develFolder }, advice: [] }
    const message = `${file} is of the package ${installed.source} ${installed.version}, whose patches are not in nginx ${release} from nginx.org`
    const help = `install the source of this revision (dnf install nginx-mod-devel-${installed.version}), or set --source: a struct that differs crashes nginx`
    return {
      source: upstream,
      advice: forNginx === null ? [warning(message, help)] : [error(message, help)],
    }
  }
  if (!isDebianNginx({ target, installed })) return { source: upstream, advice: [] }
  const revision = installed?.version ?? null
  const source: Source =
    forNginx === null
      ? { kind: 'apt', package: installed?.source ?? 'nginx', suite: null, revision }
      : { kind: 'nginx-dev', revision }
  return { source, advice: revision === null ? [unknownRevision(file)] : [] }
}

const unknownRevision = (file: string): Advice =>
  warning(
    `dpkg does not know ${file}, so its Debian revision is unknown; the newest one of this release is used`,
    'a module built for another revision may crash nginx: compare nginx.lock with the package that this nginx comes from',
  )
