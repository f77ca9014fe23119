/** The package that a file belongs to. */
export interface FileOwner {
  readonly manager: 'dpkg' | 'rpm'
  readonly package: string
  /** The path by which the package knows the file. */
  readonly listed: string
  /** The administrator has seen to it already: another path is written, or no upgrade takes place. */
  readonly isKept: boolean
}

export interface DpkgSearch {
  readonly package: string
  /** A diversion lets the package write another file. */
  readonly isDiverted: boolean
}

/** What `dpkg-query --search PATH` prints; null: no package has the file. */
export const dpkgSearch = (said: string): DpkgSearch | null => {
  const owner = /^([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?(?:, [^:]*)?: \//m.exec(said)?.[1]
  if (owner === undefined) return null
  return { package: owner, isDiverted: /^(local diversion|diversion by \S+) from: /m.test(said) }
}

const remedies: Readonly<Record<FileOwner['manager'], (owner: FileOwner) => string>> = {
  dpkg: ({ package: name, listed }) =>
    `let the package write its file elsewhere: dpkg-divert --local --no-rename --divert ${listed}.distrib --add ${listed}; or keep the package as it is, without its security updates: apt-mark hold ${name}`,
  rpm: ({ package: name }) =>
    `keep the package as it is, without its security updates: dnf versionlock add ${name} (of python3-dnf-plugin-versionlock), or "exclude=${name}" in /etc/dnf/dnf.conf`,
}

/** What is said of files that a package would replace; null where nothing has to be done. */
export const ownerAdvice = (
  file: string,
  owner: FileOwner,
): { readonly message: string; readonly help: string } | null =>
  owner.isKept
    ? null
    : {
        message: `${file} belongs to the package ${owner.package}: the next upgrade of the package replaces the new file`,
        help: remedies[owner.manager](owner),
      }
