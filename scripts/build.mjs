// dist/: the command line (cli.js), the library (index.js, index.d.ts), what both share (chunks/), and
// the list of the packages in them (bundled.json).
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { templatesForEsbuild } from './templates-plugin.mjs'
import { bundledList, bundledPackages, thirdPartyLicenses } from './third-party-licenses.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts', 'src/index.ts'],
  outdir: dist,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  legalComments: 'eof',
  logLevel: 'warning',
  plugins: [templatesForEsbuild()],
  // Packages in CommonJS ask for Node's own modules by `require`, which a module does not have.
  banner: {
    js: "import { createRequire as sessctlRequire } from 'node:module'; const require = sessctlRequire(import.meta.url);",
  },
})

const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs))
const bundled = bundledPackages(root, inputs)
writeFileSync(join(root, 'THIRD-PARTY-LICENSES'), thirdPartyLicenses(root, bundled))
writeFileSync(join(dist, 'bundled.json'), bundledList(root, bundled))
