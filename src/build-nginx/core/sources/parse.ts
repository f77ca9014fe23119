import { holdsLogin, loginHelp } from '../../../core/secrets/login.ts'
import type { Source } from './source.ts'

/** Why a text names no source. */
export interface Misread {
  readonly misread: string
  readonly help: string
}

export const isMisread = <T extends object>(read: T | Misread): read is Misread => 'misread' in read

const forms =
  'a release (1.26.3), apt or apt:PACKAGE/SUITE, a folder, a tarball, https://…/x.tar.gz#sha256=…, or a git URL with a tag or commit: https://…@v1.0[,folder]'

const misread = (what: string): Misread => ({ misread: what, help: `a source is ${forms}` })

const release = /^\d+(\.\d+){1,3}[a-z]?$/
const packageName = /^[a-z0-9][a-z0-9+.-]+$/
const packageVersion = /^\d[A-Za-z0-9.+~:-]*$/
const suiteName = /^[a-z][a-z0-9-]*$/
/** No control characters, no option: it becomes an argument of git. */
const refName = /^[A-Za-z0-9_][A-Za-z0-9_./+-]*$/
const folderName = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[A-Za-z0-9_./-]+$/
const isTarball = (path: string): boolean => /\.(tar(\.(gz|xz|bz2))?|tgz)$/.test(path)

const parseApt = (text: string, standard: string): Source | Misread => {
  const [first = '', suite = null, ...more] = text.replace(/^apt:?/, '').split('/')
  const [written = '', revision = null, ...others] = first.split('=')
  const name = written === '' ? standard : written
  const isFine =
    packageName.test(name) &&
    (revision === null || packageVersion.test(revision)) &&
    (suite === null || suiteName.test(suite)) &&
    more.length + others.length === 0
  return isFine
    ? { kind: 'apt', package: name, suite, revision }
    : misread(`expected apt:PACKAGE, apt:PACKAGE=VERSION or apt:PACKAGE/SUITE, found ${text}`)
}

const parseUrl = (text: string): Source | Misread => {
  const [url = '', fragment] = text.split('#', 2)
  const sha256 = /^sha256=([0-9a-f]{64})$/i.exec(fragment ?? '')?.[1]?.toLowerCase() ?? null
  if (fragment !== undefined && sha256 === null)
    return misread(`${text}: expected a sha256 after #`)
  return url.startsWith('https://')
    ? { kind: 'url', url, sha256 }
    : misread(`${url}: sources are downloaded over https only`)
}

const gitSchemes = /^(https:\/\/|ssh:\/\/|file:\/\/|git@)/

const parseGit = (text: string): Source | Misread => {
  // The last @: the one of git@host, or of a user in a URL, stands before it.
  const at = text.lastIndexOf('@')
  const [ref = '', folder = '', ...more] = text.slice(at + 1).split(',')
  const url = text.slice(0, at)
  if (at <= 0 || ref.includes(':') || (url === 'git' && ref !== ''))
    return misread(`${text} has no tag or commit`)
  if (!gitSchemes.test(url))
    return misread(`${url}: git repositories are fetched over https, ssh or file only`)
  const isFine = refName.test(ref) && !ref.includes('..') && more.length === 0
  if (!isFine || (folder !== '' && !folderName.test(folder)))
    return misread(`${text}: "${text.slice(at + 1)}" is not a tag, commit or folder`)
  return { kind: 'git', url, ref, folder }
}

/**
 * Reads what somebody wrote as a source.
 * @param standard the source package that `apt` alone means.
 */
export const parseSource = (text: string, standard: string): Source | Misread => {
  if (text === '' || /\p{Cc}/u.test(text))
    return misread('the source is empty or has a control character')
  if (holdsLogin(text)) return { misread: 'its URL has a user or a password', help: loginHelp }
  if (release.test(text)) return { kind: 'release', version: text }
  if (text === 'apt' || text.startsWith('apt:') || text.startsWith('apt/'))
    return parseApt(text.replace(/^apt\//, 'apt:/'), standard)
  const isAddress = /^([a-z+]+:\/\/|git@)/.test(text)
  if (!isAddress) return { kind: 'local', path: text }
  return isTarball(text.split('#', 1)[0] ?? '') ? parseUrl(text) : parseGit(text)
}
