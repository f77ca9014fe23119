import { maintainer } from './deb.ts'
import type { PackageEntry } from './entries.ts'
import { isBelow } from './layout.ts'
import type { Scriptlets } from './scripts/service.ts'

export interface RpmFacts {
  readonly name: string
  /** Of nginx: 1.26.3. */
  readonly version: string
  readonly release: string
  readonly summary: string
  readonly details: readonly string[]
  readonly scriptlets: Scriptlets
  /** The file name of the tarball that this is in. */
  readonly tarball: string
  readonly configFolder: string
}

/** Where the files of the package are in the tarball. */
export const rpmRoot = 'root'

const plain = /^[A-Za-z0-9@_./:+~-]+$/

/** A name that %files would read as a pattern, a macro or several words. */
export const oddRpmPath = (entries: readonly PackageEntry[]): string | undefined =>
  entries.find(({ path }) => !plain.test(path))?.path

/** Folders that packages share; those of the system would otherwise be owned by this package, too. */
const shared =
  /^(etc|opt|usr|var|usr\/(bin|sbin|lib|share)|etc\/(opt|logrotate\.d)|usr\/lib\/(systemd(\/system)?|sysusers\.d|tmpfiles\.d)|usr\/share\/(doc|licenses)|var\/(cache|lib|log))$/

const fileLine = (configFolder: string, entry: PackageEntry): readonly string[] => {
  const { path, mode, content } = entry
  const rights = `%attr(${mode.toString(8).padStart(4, '0')}, root, root)`
  if (content === null) return shared.test(path) ? [] : [`%dir ${rights} /${path}`]
  const isConfig = isBelow(`/${path}`, configFolder) || path.startsWith('etc/')
  const kind = isConfig ? '%config(noreplace) ' : ''
  if (path.startsWith('usr/share/licenses/')) return [`%license ${rights} /${path}`]
  return [`${path.startsWith('usr/share/doc/') ? '%doc ' : kind}${rights} /${path}`]
}

/** rpm expands macros in scriptlets, too. */
const scriptlet = (name: string, text: string): string =>
  `%${name} -p /bin/sh\n${text.trim().replaceAll('%', '%%')}\n`

const dateText = (seconds: number): string => {
  const [day = '', date = '', month = '', year = ''] = new Date(seconds * 1000)
    .toUTCString()
    .replace(',', '')
    .split(' ')
  return `${day} ${month} ${date} ${year}`
}

/**
 * A spec file for `rpmbuild -tb`. The files are packaged as they were tested: not stripped, not
 * compressed, and without a name of the host or a time of building.
 */
export const specText = (
  facts: RpmFacts,
  entries: readonly PackageEntry[],
  seconds: number,
): string => `%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global _buildhost localhost
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global source_date_epoch_from_changelog 1

Name: ${facts.name}
Version: ${facts.version}
Release: ${facts.release}
Summary: Web and proxy server ${facts.summary}
License: BSD-2-Clause
Group: System Environment/Daemons
Packager: sessctl build-nginx
URL: https://nginx.org/
Source0: ${facts.tarball}
Requires: logrotate
Requires(post): /usr/bin/systemd-sysusers
Requires(post): /usr/bin/systemd-tmpfiles
Provides: webserver

%description
${facts.details.join('\n')}

%prep
%setup -q

%build
# It was compiled and tested before it was packaged.

%install
cp -a ${rpmRoot}/. %{buildroot}

${scriptlet('post', facts.scriptlets.post)}
${scriptlet('preun', facts.scriptlets.preun)}
${scriptlet('postun', facts.scriptlets.postun)}
%files
%defattr(-, root, root, -)
${entries.flatMap((entry) => fileLine(facts.configFolder, entry)).join('\n')}

%changelog
* ${dateText(seconds)} ${maintainer} - ${facts.version}-${facts.release}
- ${facts.summary}
`
