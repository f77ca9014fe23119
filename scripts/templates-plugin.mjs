import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import Handlebars from 'handlebars'

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

/** The escaping helpers of all dialects. A template with any other helper does not compile. */
export const escapingHelpers = [
  'haproxy',
  'haproxyComment',
  'haproxyVariable',
  'haproxySnippet',
  'httpd',
  'httpdSnippet',
  'httpdVariable',
  'ini',
  'iniKey',
  'nginx',
  'nginxSnippet',
  'placeholder',
  'properties',
  'python',
  'pythonWord',
  'sh',
  'sql',
  'xml',
  'xmlElement',
  'yaml',
]

const options = {
  strict: true,
  // The helpers escape: each configuration language has rules of its own, and none is HTML.
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: Object.fromEntries(escapingHelpers.map((name) => [name, true])),
  // Templates use no @index and the like.
  data: false,
  explicitPartialContext: true,
}

/** Name → what Handlebars' runtime makes a function of. */
const moduleText = () => {
  const entries = templateFiles().map((file) => {
    const template = readFileSync(file, 'utf8')
    return `${JSON.stringify(nameOf(file))}: ${Handlebars.precompile(template, options)},`
  })
  return `export const templates = {\n${entries.join('\n')}\n}\n`
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
