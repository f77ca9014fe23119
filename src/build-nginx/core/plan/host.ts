/** What a build host has, as its own compiler sees it. */
export interface Host {
  readonly compiler: {
    readonly command: string
    readonly family: 'gcc' | 'clang' | 'other'
    readonly version: string
    /** The first line of what it says of itself. */
    readonly text: string
  } | null
  readonly hasMake: boolean
  /** Versions that the headers name; null where there is no header. */
  readonly libraries: Readonly<Record<Library, string | null>>
  /** glibc's crypt() is libxcrypt, whose struct lacks what old releases write to. */
  readonly hasLibxcrypt: boolean
  readonly packages: 'debian' | 'rpm' | null
  readonly processors: number
}

export type Library = 'openssl' | 'pcre1' | 'pcre2' | 'zlib' | 'xslt' | 'gd' | 'geoip' | 'perl'

interface Header {
  readonly library: Library
  readonly includes: readonly string[]
  /** Where configure looks in addition. */
  readonly folders?: readonly string[]
  /** Each part of it in what the preprocessor defines, in any order; empty: being there is all. */
  readonly version: readonly RegExp[]
  readonly debian: string
  readonly rpm: string
}

/** Headers that are asked for their versions, and what brings them. */
export const headers: readonly Header[] = [
  {
    library: 'openssl',
    includes: ['openssl/opensslv.h'],
    version: [/OPENSSL_VERSION_TEXT "(?:OpenSSL|LibreSSL|BoringSSL) (\d+\.\d+\.\d+[a-z]?)/],
    debian: 'libssl-dev',
    rpm: 'openssl-devel',
  },
  {
    library: 'pcre2',
    includes: ['pcre2.h'],
    version: [/#define PCRE2_MAJOR (\d+)/, /#define PCRE2_MINOR (\d+)/],
    debian: 'libpcre2-dev',
    rpm: 'pcre2-devel',
  },
  {
    library: 'pcre1',
    includes: ['pcre.h'],
    version: [/#define PCRE_MAJOR (\d+)/, /#define PCRE_MINOR (\d+)/],
    debian: 'libpcre3-dev',
    rpm: 'pcre-devel',
  },
  {
    library: 'zlib',
    includes: ['zlib.h'],
    version: [/#define ZLIB_VERSION "(\d+\.\d+(?:\.\d+)*)/],
    debian: 'zlib1g-dev',
    rpm: 'zlib-devel',
  },
  {
    library: 'xslt',
    includes: ['libxslt/xslt.h'],
    folders: ['/usr/include/libxml2', '/usr/local/include/libxml2', '/opt/local/include/libxml2'],
    version: [],
    debian: 'libxslt1-dev',
    rpm: 'libxslt-devel',
  },
  { library: 'gd', includes: ['gd.h'], version: [], debian: 'libgd-dev', rpm: 'gd-devel' },
  {
    library: 'geoip',
    includes: ['GeoIP.h'],
    version: [],
    debian: 'libgeoip-dev',
    rpm: 'GeoIP-devel',
  },
]

export const perlPackages = { debian: 'libperl-dev', rpm: 'perl-ExtUtils-Embed' } as const
