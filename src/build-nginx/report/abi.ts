import type { Style } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { Misfit } from '../core/abi/fit.ts'
import { type NginxFacts, releaseOf, type SharedObject } from '../core/abi/read.ts'

interface CheckedFile {
  readonly file: string
  readonly object: SharedObject
  readonly misfits: readonly Misfit[]
}

const reasons: Readonly<Record<Misfit['reason'], (misfit: Misfit) => readonly string[]>> = {
  machine: () => ['built for another kind of machine'],
  version: ({ nginxVersion, moduleVersion }) => [
    `built for nginx ${releaseOf(moduleVersion)}, this is ${releaseOf(nginxVersion)}`,
  ],
  'no-signature': () => ['this nginx cannot load modules'],
  signature: ({ differences }) => [
    'the same release, but configured in another way:',
    ...differences.map(
      ({ what, nginx, module, flag }) =>
        `  ${what}: nginx ${nginx}, module ${module}${flag === null ? ' (the system decides)' : `; ${flag}`}`,
    ),
  ],
}

const remedies: Readonly<Record<Misfit['reason'], string | null>> = {
  machine: null,
  version: 'build it for this nginx: sessctl build-nginx --for',
  'no-signature': 'dynamic modules need nginx 1.9.11 or later',
  signature: 'build it with the flags of this nginx: sessctl build-nginx --for',
}

const fileLines = ({ file, object, misfits }: CheckedFile, style: Style): readonly string[] => {
  const names = object.modules.map(({ name }) => name).join(', ')
  const title = visible(`${file} (${names})`)
  if (misfits.length === 0) return [`${style.green('fits')}      ${title}`]
  // The modules of one file were built together: what is wrong with one is wrong with all.
  const [first] = misfits
  const lines = first === undefined ? [] : reasons[first.reason](first)
  const remedy = first === undefined ? null : remedies[first.reason]
  return [
    `${style.red('does not')}  ${title}`,
    ...lines.map((line) => `          ${visible(line)}`),
    ...(remedy === null ? [] : [`          ${style.dim('=')} help: ${remedy}`]),
  ]
}

export const formatAbi = (
  file: string,
  nginx: NginxFacts,
  checked: readonly CheckedFile[],
  style: Style,
): string =>
  [
    `${style.bold(visible(file))}: nginx ${releaseOf(nginx.version)}, ${visible(nginx.signature ?? 'no dynamic modules')}`,
    ...checked.flatMap((one) => fileLines(one, style)),
    '',
  ].join('\n')

export const abiForJson = (
  file: string,
  nginx: NginxFacts,
  checked: readonly CheckedFile[],
): object => ({
  nginx: {
    file,
    version: releaseOf(nginx.version),
    signature: nginx.signature,
    configureArguments: nginx.configureArguments,
  },
  modules: checked.map(({ file: path, object, misfits }) => ({
    file: path,
    fits: misfits.length === 0,
    modules: object.modules.map(({ name, version, signature }) => ({
      name,
      version: releaseOf(version),
      signature,
    })),
    misfits: misfits.map(({ module, reason, differences }) => ({ module, reason, differences })),
  })),
})
