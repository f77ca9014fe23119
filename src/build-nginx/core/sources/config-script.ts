/** Files that the file `config` of a module reads as shell text: `. $ngx_addon_dir/filter/config`. */
const sourced =
  /(?:^|[;&{]|\bthen\b)[ \t]*(?:\.|source)[ \t]+["']?\$\{?ngx_addon_dir\}?["']?\/([^\s;"'&|$]+)/gm

export const sourcedFiles = (text: string): readonly string[] =>
  [...text.matchAll(sourced)].map(([, path = '']) => path)

/** It uses nginx's own script for modules, so it can be a shared object. */
export const usesModuleScript = (text: string): boolean => /auto\/module\b/.test(text)

/** It names files above the folder that it is in: `$ngx_addon_dir/../src`. */
export const leadsAbove = (text: string): boolean =>
  /\$\{?ngx_addon_dir\}?["']?\/\.\.(?![\w.-])/.test(text)

/** The paths in a `.gitmodules`. */
export const submodulesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*(\S+)[ \t]*$/gm)].map(([, path = '']) => path)
