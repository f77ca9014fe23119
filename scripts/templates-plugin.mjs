import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileTemplates } from './compile-templates.mjs'

const root = fileURLToPath(new URL('../templates', import.meta.url))
const moduleName = 'sessctl:templates'

const templateFiles = () =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.hbs'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

const nameOf = (file) =>
  relative(root, file)
    .replace(/\.hbs$/, '')
    .split(sep)
    .join('/')

const moduleText = () =>
  compileTemplates(templateFiles().map((file) => [nameOf(file), readFileSync(file, 'utf8')]))

/** For esbuild: `import { templates } from 'sessctl:templates'`. */
export const templatesForEsbuild = () => ({
  name: 'sessctl-templates',
  setup(build) {
    build.onResolve({ filter: /^sessctl:templates$/ }, () => ({
      path: moduleName,
      namespace: 'sessctl',
    }))
    build.onLoad({ filter: /.*/, namespace: 'sessctl' }, () => ({
      contents: moduleText(),
      loader: 'js',
    }))
  },
})

/** The same for vitest. */
export const templatesForVite = () => ({
  name: 'sessctl-templates',
  resolveId: (id) => (id === moduleName ? `\0${moduleName}` : undefined),
  load: (id) => (id === `\0${moduleName}` ? moduleText() : undefined),
})
