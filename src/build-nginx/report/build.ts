import type { Style } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import { shellLine } from '../core/configure/words.ts'
import type { Destination } from '../core/package/destination.ts'
import { packageName } from '../core/package/form.ts'
import type { Taint } from '../core/patches/taint.ts'
import type { BuildPlan } from '../core/plan/plan.ts'
import { sourceText } from '../core/sources/source.ts'
import type { StepRecord } from '../core/steps/events.ts'

interface Summary {
  readonly plan: BuildPlan
  /** What `nginx -v` shows in brackets. */
  readonly name: string | null
  /** As configure was told. */
  readonly configure: readonly string[]
  readonly built: {
    readonly folder: string
    readonly nginx: string | null
    readonly modules: readonly string[]
    readonly files: Readonly<Record<string, string>>
  }
  readonly inputs: readonly object[]
  readonly patches: readonly object[]
  readonly taints: readonly Taint[]
  readonly packages: readonly { readonly path: string }[]
}

const removedLines = ({ inherited }: BuildPlan, style: Style): readonly string[] =>
  inherited === null
    ? []
    : inherited.removed.map(
        ({ flag, reason }) => `${style.red('-')} ${visible(flag)}  ${style.dim(visible(reason))}`,
      )

/** The syntax that the nginx which is built, or for which modules are built, reads. */
const routeLines = ({ routes }: BuildPlan): readonly string[] =>
  routes === null ? [] : [`routes are written in the upstream block as: ${routes}`]

const kinds: Readonly<Record<Destination['kind'], string>> = {
  folder: 'a folder',
  'tar.gz': 'a tarball',
  deb: 'a Debian package',
  rpm: 'an RPM package',
  spec: 'a source for rpmbuild',
}

/** What would be built, of what, and what would be written. */
export const formatBuildPlan = (
  plan: BuildPlan,
  outputs: readonly Destination[],
  changes: readonly string[],
  style: Style,
): string =>
  [
    ...plan.inputs.map(
      ({ name, source }) => `${visible(name).padEnd(20)} ${visible(sourceText(source))}`,
    ),
    ...plan.seriesPatches.map(
      ({ file, reason }) => `${'patch'.padEnd(20)} ${visible(file)}: ${visible(reason)}`,
    ),
    ...removedLines(plan, style),
    ...routeLines(plan),
    `${'configure'.padEnd(20)} ${visible(shellLine(plan.flags))}`,
    ...outputs.map(
      ({ kind, path }) =>
        `${'package'.padEnd(20)} ${visible(path)}: ${kinds[kind]} (${visible(packageName(plan.form, plan.moduleNames))})`,
    ),
    ...changes.map((file) => `${'replace'.padEnd(20)} ${visible(file)}`),
    '',
  ].join('\n')

/** Where the result is; the last line is for scripts. */
export const formatBuild = (
  { plan, built, packages }: Summary,
  isQuiet: boolean,
  style: Style,
): string => {
  const binaries = [...(built.nginx === null ? [] : [built.nginx]), ...built.modules]
  const results = packages.length === 0 ? binaries : packages.map(({ path }) => path)
  const differences = isQuiet ? [] : [...removedLines(plan, style), ...routeLines(plan)]
  return [...differences, ...results.map(visible), ''].join('\n')
}

export const buildForJson = ({
  plan,
  name,
  configure,
  built,
  inputs,
  patches,
  taints,
  packages,
  seen,
  steps,
}: Summary & {
  readonly seen: readonly string[]
  readonly steps: readonly StepRecord[]
}): object => ({
  release: plan.release,
  linkage: plan.linkage,
  modules: plan.moduleNames,
  build: name,
  configure,
  routes: plan.routes,
  removedFlags: plan.inherited?.removed ?? [],
  advice: plan.advice,
  inputs,
  patches,
  taints,
  folder: built.folder,
  nginx: built.nginx,
  sharedObjects: built.modules,
  sha256: built.files,
  packages,
  seen,
  steps: steps.map((step) => ({ ...step, milliseconds: Math.round(step.milliseconds) })),
})

/** What stands where now, and where the old files are. */
export const formatInstalled = (
  {
    files,
  }: { readonly files: readonly { readonly file: string; readonly previous: string | null }[] },
  style: Style,
): string =>
  files
    .map(
      ({ file, previous }) =>
        `${visible(file)}${previous === null ? '' : style.dim(`  (previous: ${visible(previous)})`)}\n`,
    )
    .join('')
