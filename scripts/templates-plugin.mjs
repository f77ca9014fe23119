import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'

const root = fileURLToPath(new URL('../templates', import.meta.url))
const moduleName = 'sessctl:templates'

/** Everything else a template calls must be an escaping helper of its dialect; the template test checks that. */
const knownHelpers = { nginx: true, haproxy: true, httpd: true, xml: true }

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

/** Where in the template each call stands, for the messages of errors that no release has: half of the code. */
const place =
  /,\s*(?:"loc":)?\{"start":\{"line":\d+,"column":\d+\},"end":\{"line":\d+,"column":\d+\}\}/g

const precompile = (file) =>
  Handlebars.precompile(readFileSync(file, 'utf8'), {
    strict: true,
    noEscape: true,
    explicitPartialContext: true,
    knownHelpers,
    knownHelpersOnly: true,
    preventIndent: false,
    // No template asks for @index and the like.
    data: false,
  }).replaceAll(place, '')

const moduleText = () => {
  const lines = templateFiles().map(
    (file) => `  ${JSON.stringify(nameOf(file))}: ${precompile(file)},`,
  )
  return `export const templates = {\n${lines.join('\n')}\n}\n`
}

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
