import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { templatesForEsbuild } from './templates-plugin.mjs'

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url))

rmSync(path('dist'), { recursive: true, force: true })
await build({
  entryPoints: [path('src/cli.ts'), path('src/index.ts')],
  outdir: path('dist'),
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  // The build for browsers of `yaml` is the same code as modules, without `process`: it can be cut to what is used.
  alias: { yaml: path('node_modules/yaml/browser/index.js') },
  banner: {
    js: "import { createRequire as sessctlRequire } from 'node:module'; const require = sessctlRequire(import.meta.url);",
  },
  plugins: [templatesForEsbuild()],
})
