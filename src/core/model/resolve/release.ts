import { atValue, type SpecPath } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { report } from '../codes.ts'
import { judgeRelease, type ProductName } from '../releases/index.ts'
import type { Judgement } from '../releases/judge.ts'
import { parseVersion, type Version } from '../version.ts'

type Newer = Extract<Judgement, { readonly kind: 'newer' }>

const reportNewer = (
  { product, version, last }: Newer,
  path: SpecPath,
  findings: Findings,
): void => {
  report(
    findings,
    'version-newer',
    atValue(path),
    `${product} ${version.text} is newer than the releases that this sessctl knows (last: ${last})`,
    `update sessctl if a newer version exists; the files are written for ${last}`,
  )
}

/** The release that files are written for. */
export const resolveRelease = (
  product: ProductName,
  written: string,
  path: SpecPath,
  findings: Findings,
): Version => {
  const judgement = judgeRelease(product, written)
  if (judgement.kind === 'newer') reportNewer(judgement, path, findings)
  if (judgement.kind === 'unknown')
    report(findings, 'version-unknown', atValue(path), judgement.message, judgement.help)
  return judgement.version
}

/** The version of an installed program exists, even if it is not in the list. */
export const resolveInstalled = (
  product: ProductName,
  found: string,
  path: SpecPath,
  findings: Findings,
): Version => {
  const judgement = judgeRelease(product, found)
  if (judgement.kind === 'newer') reportNewer(judgement, path, findings)
  return judgement.kind === 'unknown' ? parseVersion(found) : judgement.version
}
