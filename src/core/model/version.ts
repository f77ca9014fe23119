/**
 * A release number such as 1.26.3; missing parts are 0 and are not printed. For R31 of NGINX Plus,
 * the parts are those of the nginx release that it is based on.
 */
export interface Version {
  readonly text: string
  readonly parts: readonly [major: number, minor: number, patch: number]
}

export const parseVersion = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number)
  return { text, parts: [major, minor, patch] }
}

const compare = (a: Version, b: Version): number =>
  a.parts[0] - b.parts[0] || a.parts[1] - b.parts[1] || a.parts[2] - b.parts[2]

export const isAtLeast = (version: Version, least: Version): boolean => compare(version, least) >= 0

/** `atLeast(version, '1.29.6')`: the same release or a newer one. */
export const atLeast = (version: Version, least: string): boolean =>
  isAtLeast(version, parseVersion(least))
