import type { Style } from '../../report/style.ts'
import { visible } from '../../report/visible.ts'
import type { Misfit } from '../core/abi/fit.ts'
import type { LinkProblem } from '../core/abi/link.ts'
import { type NginxFacts, releaseOf, type SharedObject } from '../core/abi/read.ts'

interface CheckedFile {
  readonly file: string
  readonly object: SharedObject
  readonly misfits: readonly Misfit[]
  readonly links: readonly LinkProblem[] | null
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

/** So many symbols, or modules of one file, are named. */
const mostNames = 3

interface Problem {
  readonly lines: readonly string[]
  readonly help: string | null
}

const firstOf = (names: readonly string[]): string => {
  const shown = names.slice(0, mostNames).join(', ')
  const others = names.length - mostNames
  return others > 0 ? `${shown} and ${others} more` : shown
}

const linkText = (link: LinkProblem): Problem => {
  if (link.reason === 'library') {
    const { library, neededBy } = link
    return {
      lines: [
        neededBy === null
          ? `${library} is not found`
          : `${library}, which ${neededBy} needs, is not found`,
      ],
      help: 'install the package that contains it',
    }
  }
  if (link.reason === 'library-version')
    return {
      lines: [`${link.library} has no version ${link.version}`],
      help: 'the module was built with a newer library: build it on this system',
    }
  const { symbols, definedBy, isLater } = link
  const lines = [`undefined symbols: ${firstOf(symbols)}`]
  if (definedBy === null) return { lines, help: null }
  return {
    lines,
    help: isLater
      ? `load ${definedBy}, which defines them, before it`
      : `load ${definedBy} before it; the symbols belong to that module`,
  }
}

const problemOf = ({ misfits, links }: CheckedFile): readonly Problem[] => {
  // The modules of one file were built together: what is wrong with one is wrong with all.
  const [first] = misfits
  if (first !== undefined)
    return [{ lines: reasons[first.reason](first), help: remedies[first.reason] }]
  return (links ?? []).map(linkText)
}

const fileLines = (one: CheckedFile, style: Style): readonly string[] => {
  const title = visible(`${one.file} (${firstOf(one.object.modules.map(({ name }) => name))})`)
  const problems = problemOf(one)
  if (problems.length === 0) return [`${style.green('fits')}      ${title}`]
  return [
    `${style.red('does not')}  ${title}`,
    ...problems.flatMap(({ lines, help }) => [
      ...lines.map((line) => `          ${visible(line)}`),
      ...(help === null ? [] : [`          ${style.dim('=')} help: ${visible(help)}`]),
    ]),
  ]
}

const mustBeRebuilt = ({ misfits, links }: CheckedFile): boolean =>
  misfits.length > 0 || (links ?? []).some(({ reason }) => reason === 'library-version')

/** What follows from all of them together. */
const closingLines = (checked: readonly CheckedFile[]): readonly string[] => {
  const rebuilt = checked.filter(mustBeRebuilt).map(({ file }) => file)
  return [
    ...(checked.some(({ links }) => links === null)
      ? [
          'Libraries and symbols were not checked: the libraries of this nginx are not on this host (use --root).',
        ]
      : []),
    ...(rebuilt.length === 0 ? [] : [`Must be rebuilt: ${visible(rebuilt.join(', '))}`]),
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
    ...closingLines(checked),
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
  modules: checked.map(({ file: path, object, misfits, links }) => ({
    file: path,
    fits: misfits.length === 0 && (links ?? []).length === 0,
    modules: object.modules.map(({ name, version, signature }) => ({
      name,
      version: releaseOf(version),
      signature,
    })),
    misfits: misfits.map(({ module, reason, differences }) => ({ module, reason, differences })),
    /** Null: not checked. */
    links,
  })),
})
