// dist/: the command line (cli.cjs with its code cache), the library (index.js, types/), licences.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { templatesForEsbuild } from './templates-plugin.mjs'
import { compiledValidators } from './validators-plugin.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

const common = {
  absWorkingDir: root,
  bundle: true,
  metafile: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  // The build for browsers of `yaml` is the same code as modules, without `process`: it can be cut to what is used.
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
}
const commonjs = { ...common, format: 'cjs', outExtension: { '.js': '.cjs' } }

/** commander loads child_process (1.4 ms) for subcommands that are programs of their own; ours are not. */
const withoutChildProcess = {
  name: 'sessctl-commander',
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules.commander./.test(importer)
        ? { path: 'child_process', namespace: 'nothing' }
        : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }))
  },
}

/** Files beside cli.cjs, as bin/sessctl.js finds them, whose `require` this is. */
const partPath = (part) => `../dist/${part}.cjs`

/**
 * What few runs need is in files of its own, so that the others neither read it nor have it in
 * their code cache: all that tells what is wrong with a spec, and programs and git.
 */
const explaining = {
  'src/core/spec/validate.ts': 'validateSpec',
  'src/core/output/validate-manifest.ts': 'validateManifest',
  'src/core/spec/parse-any.ts': 'parseAny',
  'src/core/spec/secrets.ts': 'secretSpans',
  'src/core/spec/json-schema.ts': 'jsonSchema',
  'src/core/build/patches/series.ts': 'parseSeries',
  'src/core/build/lock/parse.ts': 'parseLock',
}
const packagesApart = ['execa', 'simple-git', 'openpgp', 'tar', 'yauzl']
const partsApart = {
  name: 'sessctl-apart',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${packagesApart.join('|')})$`) }, ({ path }) => ({
      path: partPath(path),
      external: true,
    }))
    for (const [file, name] of Object.entries(explaining)) {
      const contents = `export const ${name} = (...args) => require('${partPath('explain')}').${name}(...args)`
      const filter = new RegExp(`${file.replaceAll('.', '\\.')}$`)
      build.onLoad({ filter }, () => ({ contents, loader: 'js' }))
    }
  },
}

rmSync(dist, { recursive: true, force: true })
await Promise.all([
  build({
    ...commonjs,
    entryPoints: { cli: 'src/cli.ts' },
    outdir: dist,
    plugins: [
      templatesForEsbuild(),
      compiledValidators(partPath('explain')),
      withoutChildProcess,
      partsApart,
    ],
    external: [partPath('*')],
    // 1.5 ms; the map is for stack traces, see src/adapters/source-stack.ts.
    minifyIdentifiers: true,
    sourcemap: 'external',
    sourcesContent: false,
    // A function, as the value of the script: bin/sessctl.js runs it.
    banner: { js: '(function sessctl(module, require) {' },
    footer: { js: '})' },
    // `import()` is not for scripts; `require` finds all there is.
    supported: { 'dynamic-import': false },
  }),
  build({
    ...commonjs,
    entryPoints: packagesApart.filter((name) => name !== 'openpgp'),
    outdir: dist,
  }),
  // Its modules ask for their own address, which a script does not have; it brings a script as well.
  build({
    ...commonjs,
    stdin: { contents: "module.exports = require('openpgp')", resolveDir: root },
    outfile: join(dist, 'openpgp.cjs'),
  }),
  build({
    ...commonjs,
    stdin: {
      contents: Object.entries(explaining)
        .map(([file, name]) => `export { ${name} } from './${file}'`)
        .join('\n'),
      resolveDir: root,
    },
    outfile: join(dist, 'explain.cjs'),
  }),
  build({
    ...common,
    entryPoints: ['src/index.ts'],
    outdir: dist,
    format: 'esm',
    plugins: [templatesForEsbuild(), compiledValidators(null)],
  }),
])

/** One ordinary run leaves its code cache in dist: see bin/sessctl.js. */
const folder = mkdtempSync(join(tmpdir(), 'sessctl-build-'))
try {
  const spec = join(root, 'fixtures/specs/jvm-route.yaml')
  const argv = [join(root, 'bin/sessctl.js'), 'generate', '--file', spec, '--out', folder]
  execFileSync(process.execPath, argv, { stdio: 'pipe' })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
