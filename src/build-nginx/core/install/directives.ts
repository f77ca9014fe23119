import { allDirectives, readNginxConfig } from '../../../core/config/nginx/tree.ts'

/** A directive of nginx's configuration, with the blocks it stands in. */
export interface Directive {
  readonly name: string
  readonly args: readonly string[]
  /** `http`, `server`: from the outside in. */
  readonly within: readonly string[]
}

/**
 * The directives of a text in their order; files that it includes are not read.
 * @param around the blocks in which the text is included.
 */
export const readDirectives = (
  text: string,
  around: readonly string[] = [],
): readonly Directive[] =>
  allDirectives(readNginxConfig(text).directives).map(({ directive: { name, args }, within }) => ({
    name,
    args,
    within: [...around, ...within.map((block) => block.name)],
  }))
