/** A source of packages that this machine's apt uses. */
export interface AptTarget {
  readonly uri: string
  readonly release: string
  readonly component: string
  readonly origin: string
}

/** For `apt-get indextargets`: one line a target. */
export const targetFormat = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)'

export const targetsIn = (said: string): readonly AptTarget[] => {
  const targets = said.split('\n').flatMap((line) => {
    const [uri = '', release = '', component = '', origin = ''] = line.split('|')
    return uri === '' || release === '' ? [] : [{ uri, release, component, origin }]
  })
  return [...new Map(targets.map((target) => [JSON.stringify(target), target])).values()]
}

/** For `apt-get indextargets` after an update: the suite that was asked for, and what the signed list says. */
export const suiteFormat = '$(REPO_URI)|$(RELEASE)|$(SUITE)|$(CODENAME)'

/**
 * A list that is signed for another suite than the one that was asked for: apt only warns about it, and a
 * mirror could so give an older release of everything.
 * @returns the first one, as a sentence; null when all are of their suites.
 */
export const otherSuite = (said: string): string | null => {
  for (const line of said.split('\n')) {
    const [uri = '', release = '', suite = '', codename = ''] = line.split('|')
    const named = [suite, codename].filter((name) => name !== '')
    // `buster/updates` is how security updates were named before bullseye.
    const [main = ''] = release.split('/')
    if (named.length > 0 && !named.includes(release) && !named.includes(main))
      return `${uri} serves the list of ${named.join(' or ')} instead of ${release}`
  }
  return null
}

const isDistribution = ({ origin }: AptTarget): boolean =>
  origin === 'Debian' || origin === 'Ubuntu'

/** Of another release than the machine's own: the same mirror, and its security updates. */
const inSuite = (target: AptTarget, suite: string): AptTarget => ({
  ...target,
  release: /security/.test(target.release) ? `${suite}-security` : suite,
})

/** Where source packages of a suite come from. */
export const sourceTargets = (
  targets: readonly AptTarget[],
  suite: string | null,
): readonly AptTarget[] => {
  const own = targets.filter(isDistribution)
  const chosen = suite === null ? own : own.map((target) => inSuite(target, suite))
  // sid and testing have no security archive of their own.
  const usual = chosen.filter(({ release }) => !/^(sid|unstable|experimental)-/.test(release))
  return [
    ...new Map(
      usual.map((target) => [`${target.uri} ${target.release} ${target.component}`, target]),
    ).values(),
  ]
}

const keyrings: Readonly<Record<string, string>> = {
  Debian: '/usr/share/keyrings/debian-archive-keyring.gpg',
  Ubuntu: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
}

/** deb822 text; the archive's own keyring vouches, whatever else apt may trust. */
export const sourcesText = (targets: readonly AptTarget[], types: 'deb' | 'deb-src'): string =>
  targets
    .map(({ uri, release, component, origin }) =>
      [
        `Types: ${types}`,
        `URIs: ${uri}`,
        `Suites: ${release}`,
        `Components: ${component}`,
        `Signed-By: ${keyrings[origin] ?? ''}`,
        '',
      ].join('\n'),
    )
    .join('\n')

/** An apt of its own below one folder: the machine's is read for its mirrors and proxies only. */
export const confText = (folder: string): string => `APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update;
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "${folder}/sources.d";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "${folder}/state";
Dir::State::Lists "lists";
Dir::State::status "${folder}/state/status";
Dir::Cache "${folder}/cache";
Dir::Log "${folder}/log";
Debug::NoLocking "true";
`

/** The upstream part of a Debian version. */
export const upstreamOf = (version: string): string =>
  version
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/[+.~](dfsg|ds|really).*$/, '')

export interface SourceVersion {
  readonly version: string
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
}

/** What `apt-cache showsrc` says. */
export const versionsIn = (said: string): readonly SourceVersion[] =>
  said
    .split(/\n\n+/)
    .map((paragraph) => {
      const version = /^Version: (.*)$/m.exec(paragraph)?.[1] ?? ''
      const block = /^Checksums-Sha256:\n((?: .*\n?)+)/m.exec(paragraph)?.[1] ?? ''
      const files = [...block.matchAll(/^ ([0-9a-f]{64}) \d+ (\S+)$/gm)].map(
        ([, sha256 = '', name = '']) => ({ name, sha256 }),
      )
      return { version, files }
    })
    .filter(({ version, files }) => version !== '' && files.length > 0)
