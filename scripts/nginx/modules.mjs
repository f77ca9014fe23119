// The module, linked into a tree's nginx or built beside it.
import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { digestOf, moduleDigest, moduleDir } from './digest.mjs'
import { installed } from './places.mjs'
import { run } from './run.mjs'
import {
  applyPatch,
  argumentsOf,
  buildEnvironment,
  configureScript,
  made,
  makeArguments,
  makeTree,
  moduleMakeArguments,
  treeName,
} from './trees.mjs'

const generated = ['objs/ngx_auto_config.h', 'objs/ngx_auto_headers.h']

const meaningOf = (file) => readFileSync(file, 'utf8').replace(/^#define NGX_CONFIGURE .*$/m, '')

/** Configures anew; what says the same as before keeps its time, so that make leaves its users alone. */
export const reconfigure = async (dir, args, options) => {
  const before = generated.map((name) => ({
    file: join(dir, name),
    text: meaningOf(join(dir, name)),
    time: statSync(join(dir, name)).mtime,
  }))
  // What is in it was compiled for the other kind of module.
  rmSync(join(dir, 'objs/addon'), { recursive: true, force: true })
  await run(configureScript(dir), args, options)
  for (const { file, text, time } of before) {
    if (meaningOf(file) === text) utimesSync(file, time, time)
  }
  // It prints the arguments.
  rmSync(join(dir, 'objs/src/core/nginx.o'), { force: true })
}

const copyOfTree = async (source, tree, work) => {
  const place = await makeTree(source, tree)
  const log = join(work, 'build.log')
  const env = buildEnvironment()
  const dir = join(work, 'tree')
  await run('cp', ['-a', place, dir], { cwd: work, log, env })
  return { dir, options: { cwd: dir, log, env } }
}

const addModule = (kind) => `--add-${kind === 'static' ? '' : 'dynamic-'}module=${moduleDir}`

/** A folder with an nginx that has the module in it. */
export const makeStatic = (source, tree) =>
  made('variants', `${treeName(source, tree)}-static-${moduleDigest()}`, async (work) => {
    const { dir, options } = await copyOfTree(source, tree, work)
    await reconfigure(
      dir,
      [...argumentsOf(dir, tree, source.version), addModule('static')],
      options,
    )
    const own = ['objs/src/core/nginx.o', 'objs/ngx_modules.o']
    await run('make', [...makeArguments(tree), ...own], options)
    await run('make', [...moduleMakeArguments(tree), 'objs/nginx'], options)
    copyFileSync(join(dir, 'objs/nginx'), join(work, 'nginx'))
    rmSync(dir, { recursive: true })
  })

const keepModules = (dir, work) => {
  const names = readdirSync(join(dir, 'objs')).filter((name) => name.endsWith('.so'))
  if (names.length === 0) throw new Error(`no .so came out of ${dir}: see build.log beside it`)
  mkdirSync(join(work, 'modules'))
  for (const name of names) copyFileSync(join(dir, 'objs', name), join(work, 'modules', name))
  rmSync(dir, { recursive: true })
}

/** A folder with modules/*.so, built against a tree. */
export const makeDynamic = (source, tree) =>
  made('variants', `${treeName(source, tree)}-dynamic-${moduleDigest()}`, async (work) => {
    const { dir, options } = await copyOfTree(source, tree, work)
    await reconfigure(
      dir,
      [...argumentsOf(dir, tree, source.version), addModule('dynamic')],
      options,
    )
    await run('make', [...moduleMakeArguments(tree), 'modules'], options)
    keepModules(dir, work)
  })

/** Of a packaged nginx: what it says with -V, without the modules that its package builds beside it. */
const packagedArguments = (nginx) => {
  const said = execFileSync('sh', ['-c', '"$0" -V 2>&1', nginx], { encoding: 'utf8' })
  const line = /^configure arguments: (.*)$/m.exec(said)?.[1] ?? ''
  const words = [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
  return words.filter(
    (word) => !/^--add-dynamic-module=|=dynamic$|_perl|_geoip|_xslt|_image_filter/.test(word),
  )
}

/** What the distribution does to the source before it builds it: structures may differ after it. */
const distributionPatches = ({ tarball }) => {
  const dir = join(dirname(tarball), 'debian', 'patches')
  return readFileSync(join(dir, 'series'), 'utf8')
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('#'))
    .map((name) => ({ file: join(dir, name), strip: 1 }))
}

/** Whether the distribution's own patches are beside the source, and not the upstream tarball alone. */
export const hasDistributionPatches = ({ tarball }) =>
  existsSync(join(dirname(tarball), 'debian', 'patches', 'series'))

/** The distribution's own way: the headers of its nginx-dev package, patched and as they were compiled. */
const fromHeaders = ({ path, stamp }) => ({
  parts: [stamp],
  fill: ({ cwd, ...options }) => run('cp', ['-a', `${path}/.`, cwd], { cwd, ...options }),
})

/** Where there is no such package: the source, patched as the distribution does. */
const fromSource = (source) => {
  const patches = distributionPatches(source)
  return {
    parts: [source.tarball, ...patches.map(({ file }) => file)].map((file) => readFileSync(file)),
    fill: async (options) => {
      await run('tar', ['-xzf', source.tarball, '--strip-components=1', '--no-same-owner'], options)
      for (const patch of patches) await applyPatch(options.cwd, options.log, patch)
    },
  }
}

/** A folder with modules/*.so for the packaged nginx of that release: `{ version, path }`. */
export const makeForDistribution = async ({ short, headers, ...source }, nginx) => {
  const args = packagedArguments(nginx.path)
  const { parts, fill } =
    headers?.version === nginx.version ? fromHeaders(headers) : fromSource(source)
  const toolchain = installed().get('toolchain').stamp
  const key = digestOf(...parts, toolchain, args.join('\n'), moduleDigest())
  return made('variants', `${short}-distribution-${key}`, async (work) => {
    const dir = join(work, 'tree')
    mkdirSync(dir)
    const options = { cwd: dir, log: join(work, 'build.log'), env: buildEnvironment() }
    await fill(options)
    const all = [...args, '--with-cc=remembering-cc gcc', addModule('dynamic')]
    await run(configureScript(dir), all, options)
    await run('make', ['-f', 'objs/Makefile', 'modules'], options)
    keepModules(dir, work)
  })
}

export const moduleIsThere = () => existsSync(join(moduleDir, 'config'))
