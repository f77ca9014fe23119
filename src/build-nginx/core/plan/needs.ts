import { atLeast, parseVersion } from '../../../core/model/version.ts'
import { hasFlag, parseFlag } from '../configure/flags.ts'
import { type Advice, warning } from './advice.ts'
import { type Host, headers, type Library, perlPackages } from './host.ts'

/** A library that a build links, and which of its parts wants it. */
interface Need {
  readonly libraries: readonly Library[]
  readonly what: string
  readonly without: string
}

const sslFlags = [
  '--with-http_ssl_module',
  '--with-mail_ssl_module',
  '--with-stream_ssl_module',
  '--with-http_v3_module',
]

export const wantsSsl = (flags: readonly string[]): boolean =>
  sslFlags.some((flag) => hasFlag(flags, flag))

const isStatic = (flags: readonly string[], name: string): boolean =>
  flags.map(parseFlag).some((flag) => flag.name === name && flag.value !== null)

export const wantsPcre = (flags: readonly string[]): boolean =>
  hasFlag(flags, '--with-pcre') ||
  (!hasFlag(flags, '--without-http_rewrite_module') &&
    !hasFlag(flags, '--without-http') &&
    !hasFlag(flags, '--without-pcre'))

const wantsZlib = (flags: readonly string[]): boolean =>
  !hasFlag(flags, '--without-http_gzip_module') && !hasFlag(flags, '--without-http')

const needsOf = (release: string, flags: readonly string[]): readonly Need[] => {
  const knowsPcre2 = atLeast(parseVersion(release), '1.21.5') && !hasFlag(flags, '--without-pcre2')
  const optional: readonly (readonly [Library, string, string])[] = [
    ['xslt', '--with-http_xslt_module', 'XSLT'],
    ['gd', '--with-http_image_filter_module', 'the image filter'],
    ['geoip', '--with-http_geoip_module', 'GeoIP'],
    ['perl', '--with-http_perl_module', 'Perl'],
  ]
  const needs: Need[] = []
  if (wantsSsl(flags) && !isStatic(flags, '--with-openssl')) {
    const without = 'leave the ssl modules out, or give --openssl'
    needs.push({ libraries: ['openssl'], what: 'TLS', without })
  }
  if (wantsPcre(flags) && !isStatic(flags, '--with-pcre')) {
    needs.push({
      libraries: knowsPcre2 ? ['pcre2', 'pcre1'] : ['pcre1'],
      what: `regular expressions${knowsPcre2 ? '' : ` (nginx ${release} knows the old PCRE only)`}`,
      without: 'leave them out with -- --without-http_rewrite_module, or give --pcre',
    })
  }
  if (wantsZlib(flags) && !isStatic(flags, '--with-zlib')) {
    const without = 'leave it out with -- --without-http_gzip_module, or give --zlib'
    needs.push({ libraries: ['zlib'], what: 'gzip', without })
  }
  for (const [library, flag, what] of optional) {
    if (hasFlag(flags, flag))
      needs.push({ libraries: [library], what, without: `leave ${flag} out` })
  }
  return needs
}

const packagesFor = (library: Library): Readonly<Record<'debian' | 'rpm', string>> =>
  headers.find((header) => header.library === library) ?? perlPackages

const installLine = (
  kind: Host['packages'],
  names: readonly Readonly<Record<'debian' | 'rpm', string>>[],
): string => {
  const debian = [...new Set(names.map((name) => name.debian))].join(' ')
  const rpm = [...new Set(names.map((name) => name.rpm))].join(' ')
  if (kind === 'debian') return `apt-get install ${debian}`
  if (kind === 'rpm') return `dnf install ${rpm}`
  return `Debian: apt-get install ${debian}; Fedora, RHEL: dnf install ${rpm}`
}

/** What the host lacks for the build, with the packages that bring it. */
export const missing = (
  release: string,
  flags: readonly string[],
  host: Host,
): readonly Advice[] => {
  const tools = [
    ...(host.compiler === null ? [{ debian: 'gcc', rpm: 'gcc' }] : []),
    ...(host.hasMake ? [] : [{ debian: 'make', rpm: 'make' }]),
  ]
  const lacking =
    host.compiler === null
      ? [] // Without a compiler nobody knows which headers it would find.
      : needsOf(release, flags).filter(({ libraries }) =>
          libraries.every((one) => host.libraries[one] === null),
        )
  const packages = [
    ...tools,
    ...lacking.map(({ libraries: [first = 'zlib'] }) => packagesFor(first)),
  ]
  if (packages.length === 0) return []
  const whats = [
    ...(host.compiler === null ? ['a C compiler'] : []),
    ...(host.hasMake ? [] : ['make']),
    ...lacking.map(({ what }) => `the headers for ${what}`),
  ]
  const others = lacking.map(({ without }) => without).join('; ')
  const install = installLine(host.packages, packages)
  return [
    // A header may be where only configure looks: this explains a failure, and never causes one.
    warning(
      `this host seems to lack ${whats.join(', ')}`,
      others === '' ? install : `${install}; or ${others}`,
    ),
  ]
}
