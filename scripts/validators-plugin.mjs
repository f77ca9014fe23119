// zod takes 10 ms of a small run: half of it to build the schemas, half to interpret them. zod can
// also compile a schema to a function; here that happens once, in the build. What the compiled form
// refuses is validated again by the schemas themselves, which say what is wrong; only then are they
// built. test/package/validators.test.ts holds the two forms against each other.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Functions `data → { success: true, data } | { success: false, … }`, and the schema each asks. */
const validators = {
  'src/core/spec/validate.ts': {
    name: 'validateSpec',
    schema: { file: './src/core/spec/schema/index.ts', name: 'specSchema' },
  },
  'src/core/output/validate-manifest.ts': {
    name: 'validateManifest',
    schema: { file: './src/core/output/validate-manifest.ts', name: 'manifestSchema' },
  },
}

/** The schema and zod's compiler from one bundle: they must share their instance of zod. */
const load = async ({ file, name }) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { ${name} as schema } from '${file}'
        export { compileFn, util } from 'zod/v4/core'
        export { made } from './scripts/recording-function.mjs'`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    // The compiler makes its functions with `new Function`: there their source can be met.
    inject: [join(root, 'scripts/recording-function.mjs')],
  })
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-build-'))
  try {
    writeFileSync(join(folder, 'schema.mjs'), outputFiles[0].contents)
    return await import(pathToFileURL(join(folder, 'schema.mjs')).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Data read from YAML or JSON has no prototypes of its own, and defaults are made anew each time. */
const knownHelpers = (util) =>
  new Map([
    [util.isPlainObject, "(v) => typeof v === 'object' && v !== null && !Array.isArray(v)"],
    [util.shallowClone, '(fresh) => fresh'],
    [util.codePointLength, '(text) => [...text].length'],
    [Object.prototype.propertyIsEnumerable, 'Object.prototype.propertyIsEnumerable'],
  ])

const isDefault = (value) =>
  typeof value === 'function' && String(value).endsWith('schema._zod.def.defaultValue')

const sourceOf = (parser, made, helpers) => {
  const constant = (value) => {
    if (typeof value === 'symbol') return 'refused'
    if (value instanceof RegExp) return String(value)
    if (value instanceof Set) return `new Set(${JSON.stringify([...value])})`
    if (isDefault(value)) return `() => (${JSON.stringify(value())})`
    if (made.has(value)) return functionSource(made.get(value))
    const helper = helpers.get(value)
    if (helper !== undefined) return helper
    throw new Error(
      `a schema cannot be compiled: scripts/validators-plugin.mjs does not know ${String(value)}`,
    )
  }
  const functionSource = ({ names, values, code }) =>
    `((${names.join(', ')}) => {${code}})(${values.map(constant).join(', ')})`
  return functionSource(made.get(parser))
}

const compiled = async (place) => {
  const { schema, compileFn, util, made } = await load(place)
  return sourceOf(compileFn(schema), made, knownHelpers(util))
}

const facade = async ({ name, schema }, schemas) => `
  const refused = Symbol('refused')
  const parse = ${await compiled(schema)}
  export const ${name} = (data) => {
    const parsed = parse(data)
    return parsed === refused
      ? require(${JSON.stringify(schemas)}).${name}(data)
      : { success: true, data: parsed }
  }`

/**
 * For esbuild: the functions above, compiled.
 * @param {string | null} apart what to \`require\` for the schemas; null: they are bundled too
 */
export const compiledValidators = (apart) => ({
  name: 'sessctl-validators',
  setup(build) {
    build.onResolve({ filter: /\.ts\?schemas$/ }, ({ path }) => ({
      path: join(root, path.replace(/\?schemas$/, '')),
      suffix: '?schemas',
    }))
    for (const [file, validator] of Object.entries(validators)) {
      const filter = new RegExp(`${file.replaceAll('.', '\\.')}$`)
      build.onLoad({ filter }, async ({ path, suffix }) =>
        suffix === '' && path === join(root, file)
          ? { contents: await facade(validator, apart ?? `${file}?schemas`), loader: 'js' }
          : undefined,
      )
    }
  },
})
