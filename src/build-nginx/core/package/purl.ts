import type { ManifestInput } from './manifest.ts'

const encoded = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':')

const nameOf = ({ name }: ManifestInput): string => encoded(name.replace(/^module:/, ''))

/** A package URL (purl): which package of the world an input is. */
export const purlOf = (input: ManifestInput): string => {
  const { from, version, sha256, commit, verified, isArchive } = input
  const at = version === null ? '' : `@${encoded(version)}`
  if (verified.how === 'apt')
    return `pkg:deb/debian/${encoded(verified.package)}@${encoded(verified.version)}?arch=source`
  const [, owner, name] =
    /^https:\/\/github\.com\/([^/]+)\/([^/@,]+?)(?:\.git)?(?:@|$)/.exec(from) ?? []
  if (commit !== null && owner !== undefined && name !== undefined)
    return `pkg:github/${encoded(owner.toLowerCase())}/${encoded(name.toLowerCase())}@${commit}`
  if (commit !== null) {
    const url = from.replace(/@[^@]*$/, '')
    return `pkg:generic/${nameOf(input)}@${commit}?vcs_url=${encodeURIComponent(`git+${url}@${commit}`)}`
  }
  const checksum = isArchive ? `?checksum=sha256:${sha256}` : ''
  const download =
    isArchive && from.startsWith('https://') ? `&download_url=${encodeURIComponent(from)}` : ''
  return `pkg:generic/${nameOf(input)}${at}${checksum}${download}`
}
