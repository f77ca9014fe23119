import { hasFlag } from '../configure/flags.ts'
import type { BuildRequest } from '../request.ts'
import { knownModule } from '../sources/known/index.ts'
import { type Advice, error, note } from './advice.ts'

/** What the table of modules says of those that are built. */
export const moduleAdvice = (request: BuildRequest, flags: readonly string[]): readonly Advice[] =>
  request.modules.flatMap(({ name, neededBy }) => {
    const row = knownModule(name)
    if (row === null) return []
    const lacking = row.notWith.filter((flag) => hasFlag(flags, flag))
    return [
      ...lacking.map((flag) =>
        error(
          `${name} does not compile with ${flag}`,
          `remove ${flag} (--drop ${flag} if it comes from --like), or the module`,
        ),
      ),
      ...(neededBy === null
        ? []
        : [
            note(
              `${name} is built too: ${neededBy} needs it`,
              `name its source with --module ${name}=SOURCE to use another one`,
            ),
          ]),
      ...(row.isStaticOnly && request.linkage === 'dynamic'
        ? [
            error(
              `${name} can only be built in: it cannot be a shared object`,
              'build with --static',
            ),
          ]
        : []),
      ...(row.needsPatch && request.forNginx !== null && !request.isUnpatchedAllowed
        ? [
            error(
              `${name} needs a patch of nginx itself, and the installed nginx does not have it`,
              'build nginx with the module and the patch: --like instead of --for (--allow-unpatched, if that nginx was built with the patch)',
            ),
          ]
        : []),
    ]
  })

/**
 * What the modules need that a message of configure or of the compiler names, with packages and variables.
 */
export const moduleNeeds = (
  modules: readonly { readonly name: string }[],
  message: string,
): readonly string[] =>
  modules.flatMap(({ name }) => {
    const row = knownModule(name)
    if (row === null) return []
    const words = [name, row.proof?.module ?? name, ...row.libraries.map(({ what }) => what)]
    const isNamed = words.some((word) => message.toLowerCase().includes(word.toLowerCase()))
    if (!isNamed) return []
    const libraries = row.libraries.map(
      ({ what, debian, rpm }) =>
        `${name} needs ${what}: apt-get install ${debian}, or dnf install ${rpm}`,
    )
    const variables = Object.entries(row.environment).map(
      ([variable, says]) => `${name} reads --env ${variable} (${says})`,
    )
    return [...libraries, ...variables]
  })
