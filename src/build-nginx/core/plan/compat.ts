import { atLeast, parseVersion } from '../../../core/model/version.ts'
import { type Advice, error, note } from './advice.ts'
import type { Host } from './host.ts'
import { wantsPcre, wantsSsl } from './needs.ts'

/** What a build brings together. */
export interface BuildCombination {
  readonly release: string
  readonly host: Host
  /** Versions of what is linked: of the host, or of the sources that were given; null when neither is known. */
  readonly openssl: string | null
  readonly pcre: { readonly generation: 1 | 2; readonly version: string } | null
  readonly flags: readonly string[]
  readonly hasJvmRoute: boolean
  /** Compat patches of the series make up for libxcrypt. */
  readonly hasCompatPatch: boolean
}

interface Fact {
  /** From this release of nginx on it works… */
  readonly fixedIn: string
  /** … and from this one on within its own stable branch. */
  readonly backport?: string
  readonly applies: (combination: BuildCombination) => boolean
  /** What makes it compile all the same. */
  readonly flags?: readonly string[]
  readonly advice?: (combination: BuildCombination) => Advice
  /** Where it is known from. */
  readonly source: string
}

const isFrom = (version: string | null | undefined, least: string): boolean =>
  version != null && atLeast(parseVersion(version.replace(/[a-z]+$/, '')), least)

const isCompiler = (
  { host: { compiler } }: BuildCombination,
  family: 'gcc' | 'clang',
  least: string,
): boolean => compiler?.family === family && isFrom(compiler.version, least)

const usesSsl = ({ flags }: BuildCombination): boolean => wantsSsl(flags)

const withoutSsl = 'or remove the ssl modules'

/** nginx × compiler × OpenSSL × PCRE × libc, each line with the release that made it good. */
const facts: readonly Fact[] = [
  {
    fixedIn: '1.13.1',
    backport: '1.12.1',
    applies: (combination) => isCompiler(combination, 'gcc', '7.0.0'),
    flags: ['-Wno-error=implicit-fallthrough'],
    source: 'nginx 8449f750e; gcc 7 warns of case labels that are fallen into',
  },
  {
    fixedIn: '1.15.0',
    backport: '1.14.2',
    applies: (combination) => isCompiler(combination, 'gcc', '8.0.0'),
    flags: ['-Wno-error=cast-function-type'],
    source: 'nginx 68b50f71e; gcc 8 warns of casts between functions',
  },
  {
    fixedIn: '1.28.0',
    applies: (combination) => isCompiler(combination, 'gcc', '15.0.0'),
    flags: ['-Wno-error=unterminated-string-initialization'],
    source: 'gcc 15 warns of texts without room for their NUL; 1.26.3 has them',
  },
  {
    fixedIn: '1.15.0',
    backport: '1.14.2',
    applies: ({ host, hasCompatPatch }) => host.hasLibxcrypt && !hasCompatPatch,
    advice: ({ release }) =>
      error(
        `nginx ${release} does not compile with this C library: its struct crypt_data has no current_salt`,
        'use nginx 1.14.2 or later',
      ),
    source: 'nginx 1ef5c9ce6; src/os/unix/ngx_user.c, seen on Debian 12',
  },
  {
    fixedIn: '1.10.3',
    applies: (combination) => usesSsl(combination) && isFrom(combination.openssl, '3.0.0'),
    advice: ({ release, openssl }) =>
      error(
        `nginx ${release} does not compile with OpenSSL ${openssl?.split('.')[0]}`,
        `set a static OpenSSL 1.0.2 source (--openssl PATH), ${withoutSsl}`,
      ),
    source: 'compiled on Debian 12: 1.8.1 and 1.9.15 stop at incomplete types, 1.10.3 does not',
  },
  {
    fixedIn: '1.21.2',
    applies: (combination) => usesSsl(combination) && isFrom(combination.openssl, '3.0.0'),
    flags: ['-Wno-error=deprecated-declarations'],
    source: 'nginx 1.21.2 works with OpenSSL 3.0; before, it calls what 3.0 deprecates',
  },
  {
    fixedIn: '1.11.2',
    applies: (combination) => isFrom(combination.openssl, '3.0.0'),
    flags: ['-Wno-error=deprecated-declarations'],
    source: 'before 1.11.2, MD5 and SHA-1 come from libcrypto whenever its headers are there',
  },
  {
    fixedIn: '1.29.8',
    applies: (combination) => usesSsl(combination) && isFrom(combination.openssl, '4.0.0'),
    advice: ({ release }) =>
      error(
        `nginx ${release} does not compile with OpenSSL 4`,
        `use nginx 1.29.8 or later, set a static OpenSSL 3 source (--openssl PATH), ${withoutSsl}`,
      ),
    source: 'nginx 0d025b4a9',
  },
  {
    fixedIn: '1.21.5',
    applies: ({ pcre, flags }) => wantsPcre(flags) && pcre?.generation === 2,
    advice: ({ release }) =>
      error(
        `nginx ${release} supports the old PCRE only, not PCRE2`,
        'set --pcre to a source of PCRE 8.45, install its headers (libpcre3-dev, pcre-devel), or build without it: -- --without-http_rewrite_module',
      ),
    source: 'nginx 1.21.5: PCRE2 is used when it is there',
  },
]

const isFixed = (release: string, { fixedIn, backport }: Fact): boolean => {
  const version = parseVersion(release)
  if (atLeast(version, fixedIn)) return true
  if (backport === undefined) return false
  const branch = parseVersion(backport).parts
  const isOfBranch = version.parts[0] === branch[0] && version.parts[1] === branch[1]
  return isOfBranch && atLeast(version, backport)
}

const nativeSticky = '1.29.6'

/** What is known of such a build: flags that it needs, and what is to be said. */
export const compatibility = (
  combination: BuildCombination,
): { readonly flags: readonly string[]; readonly advice: readonly Advice[] } => {
  const version = parseVersion(combination.release)
  const met = facts.filter(
    (fact) => !isFixed(combination.release, fact) && fact.applies(combination),
  )
  const advice = met.flatMap((fact) =>
    fact.advice === undefined ? [] : [fact.advice(combination)],
  )
  // What does not compile anyway needs no flags.
  const isRefused = advice.some(({ level }) => level === 'error')
  const flags = isRefused ? [] : [...new Set(met.flatMap((fact) => fact.flags ?? []))]
  const isNative = combination.hasJvmRoute && atLeast(version, nativeSticky)
  return {
    flags,
    advice: [
      ...advice,
      ...(flags.length > 0
        ? [
            note(
              `${flags.join(' ')} added: nginx ${combination.release} is older than this host's compiler or OpenSSL`,
            ),
          ]
        : []),
      ...(isNative
        ? [
            note(
              `nginx ${combination.release} has a built-in sticky (since ${nativeSticky}): the module may not be needed`,
              'sessctl generate uses the built-in sticky for a target without modules: [jvm_route]',
            ),
          ]
        : []),
    ],
  }
}
