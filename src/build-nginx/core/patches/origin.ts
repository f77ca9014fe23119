/** The patch that a rebased one was made from. */
export interface RebasedFrom {
  readonly name: string
  readonly sha256: string
  readonly fuzz: number
}

const headline = 'Rebased by sessctl'

/** Text in front of a patch, which patch(1) and sessctl skip. */
export const originText = ({ name, sha256, fuzz }: RebasedFrom, source: string): string =>
  [
    `${headline} for ${source}, with fuzz ${fuzz}: review it before you use it.`,
    `Original: ${name}`,
    `Original-SHA256: ${sha256}`,
    `Original-Fuzz: ${fuzz}`,
    '',
    '',
  ].join('\n')

/** What a rebased patch says it was made from; null for any other patch. */
export const originIn = (text: string): RebasedFrom | null => {
  if (!text.startsWith(`${headline} `)) return null
  const said =
    /^Original: ([^\n]{1,200})\nOriginal-SHA256: ([0-9a-f]{64})\nOriginal-Fuzz: (\d)$/m.exec(text)
  const [, name = '', sha256 = '', fuzz = ''] = said ?? []
  return said === null ? null : { name, sha256, fuzz: Number(fuzz) }
}

/** `check_1.20.1+.patch` for nginx 1.22.1 becomes `check_1.20.1+-nginx-1.22.1.patch`. */
export const rebasedName = (name: string, release: string): string => {
  const last = name.replace(/^.*[/:]/, '').replace(/\.(patch|diff)$/, '')
  return `${last.replace(/[^A-Za-z0-9._+-]/g, '_')}-nginx-${release}.patch`
}
