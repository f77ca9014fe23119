import type { NginxConfig, Directive as Written } from '../../../core/config/nginx/tree.ts'
import type { Directive } from './directives.ts'

/** A file of a configuration, with the files that its `include` directives name. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string
  readonly config: NginxConfig
  /**
   * By the offset of the `include`, in the order in which nginx reads them. A file that does not exist
   * is in no list: nginx refuses it where the path has no wildcards.
   */
  readonly included: ReadonlyMap<number, readonly ConfigFile[]>
}

/** The directives of a configuration in the order of nginx, those of included files in their place. */
export const directivesOf = (
  { config, included }: ConfigFile,
  around: readonly string[] = [],
): readonly Directive[] => {
  const read = (directives: readonly Written[], within: readonly string[]): readonly Directive[] =>
    directives.flatMap((directive) => {
      const { name, args, block, start } = directive
      const files = name === 'include' ? included.get(start) : undefined
      if (files !== undefined) return files.flatMap((file) => directivesOf(file, within))
      const own = name === 'include' ? [] : [{ name, args, within }]
      return block === null ? own : [...own, ...read(block.children, [...within, name])]
    })
  return read(config.directives, around)
}
