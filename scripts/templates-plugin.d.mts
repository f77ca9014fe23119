import type { Plugin as EsbuildPlugin } from 'esbuild'
import type { Plugin as VitePlugin } from 'vite'

export const escapingHelpers: readonly string[]
export function templatesForEsbuild(): EsbuildPlugin
export function templatesForVite(): VitePlugin
