// One release of nginx, tried out: does each patch apply, does the module compile in every way, and
// does what comes out keep sessions?
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkBehaviour } from './behaviour.mjs'
import { moduleDir } from './digest.mjs'
import { reconfigure } from './modules.mjs'
import { buildsDir } from './places.mjs'
import { run } from './run.mjs'
import { compareVersions, flagsFor, patchesFor } from './series.mjs'
import { buildEnvironment, configureScript } from './trees.mjs'

/** Since these releases nginx has dynamic modules; --with-compat; SSL that compiles with OpenSSL 3. */
const since = { dynamic: '1.9.11', ssl: '1.10.3' }

export const isSince = (version, feature) => compareVersions(version, since[feature]) >= 0

/** What the module does not need, and a build takes its time for. */
const unused =
  'rewrite gzip charset ssi userid auth_basic access autoindex geo map split_clients referer fastcgi uwsgi scgi grpc memcached limit_conn limit_req empty_gif browser mirror'
    .split(' ')
    .map((name) => `--without-http_${name}_module`)

const helpOf = (dir) =>
  spawnSync(configureScript(dir), ['--help'], { cwd: dir, encoding: 'utf8' }).stdout

const argumentsFor = (dir, version, { compiler, isWhole }) => {
  const help = helpOf(dir)
  const options = isWhole
    ? ['--with-http_ssl_module', '--with-http_v2_module', '--with-debug', '--with-threads']
    : unused
  return [
    '--error-log-path=stderr',
    ...options.filter((option) => help.includes(option)),
    `--with-cc=remembering-cc ${compiler}`,
    `--with-cc-opt=${['-g0', ...flagsFor(version, compiler)].join(' ')}`,
  ]
}

/** Applies a patch without fuzz: `{ applies, offsets }`, in lines. */
const apply = (dir, { file, strip }, reverse = false) => {
  const direction = reverse ? '--reverse' : '--forward'
  const args = ['--batch', direction, '--fuzz=0', `-p${strip}`, '-i', file]
  const options = { cwd: dir, env: buildEnvironment(), encoding: 'utf8' }
  const { status, stdout } = spawnSync('patch', args, options)
  const offsets = [...stdout.matchAll(/\(offset (-?\d+) line/g)].map(([, lines]) => Number(lines))
  return { applies: status === 0, offsets }
}

/** The first line of a log that tells why, or what the error says itself. */
const reasonOf = (error, log) => {
  if (!error.message.includes(log)) return error.message
  const lines = readFileSync(log, 'utf8').replaceAll(moduleDir, 'module').split('\n')
  return (
    lines.find((line) =>
      /\berror:|undefined reference|multiple definition|relocation/.test(line),
    ) ?? error.message
  )
}

const attempt = async (log, work) => {
  try {
    await work()
    return 'yes'
  } catch (error) {
    return reasonOf(error, log)
  }
}

/** Unpacks a release below a folder of its own: `unpack(dir)`. */
const prepared = async (version, unpack, hook) => {
  mkdirSync(join(buildsDir(), 'work'), { recursive: true })
  const dir = mkdtempSync(join(buildsDir(), 'work', `release-${version}-`))
  unpack(dir)
  const compat = patchesFor(version, 'compat').map((patch) => ({
    id: patch.id,
    ...apply(dir, patch),
  }))
  const hooks = hook
    ? patchesFor(version, 'hook').map((patch) => ({ id: patch.id, ...apply(dir, patch) }))
    : []
  return { dir, patches: [...compat, ...hooks] }
}

const makeIn = (dir) => {
  const log = join(dir, 'build.log')
  const env = { ...buildEnvironment(), CCACHE_COMMAND: process.env['CCACHE_COMMAND'] ?? '' }
  const options = { cwd: dir, log, env }
  return {
    log,
    configure: (...args) =>
      existsSync(join(dir, 'objs', 'ngx_auto_config.h'))
        ? reconfigure(dir, args, options)
        : run(configureScript(dir), args, options),
    make: (goal) => run('make', ['-f', 'objs/Makefile', goal], options),
  }
}

/** Only whether the patches apply, which takes no compiler. */
export const tryPatches = async (version, unpack, compiler) => {
  const { dir, patches } = await prepared(version, unpack, true)
  rmSync(dir, { recursive: true, force: true })
  return { version, compiler, patches }
}

/** Static, dynamic in the patched nginx, and dynamic in the unpatched one. */
export const tryRelease = async (version, unpack, compiler = 'gcc') => {
  const { dir, patches } = await prepared(version, unpack, true)
  const { log, configure, make } = makeIn(dir)
  const args = argumentsFor(dir, version, { compiler, isWhole: false })
  const command = join(dir, 'objs', 'nginx')
  const check = (isPatched, loadModule) => checkBehaviour({ command, loadModule, isPatched })
  const result = { version, compiler, patches }

  result.static = await attempt(log, async () => {
    await configure(...args, `--add-module=${moduleDir}`)
    await make('objs/nginx')
  })
  if (result.static === 'yes') result.staticWorks = await attempt(log, () => check(true, ''))

  if (isSince(version, 'dynamic')) {
    result.dynamic = await attempt(log, async () => {
      await configure(...args, `--add-dynamic-module=${moduleDir}`)
      await make('objs/nginx')
      await make('modules')
    })
    const so = readdirSync(join(dir, 'objs')).filter((name) => name.endsWith('.so'))
    const loadModule = so.map((name) => `load_module ${join(dir, 'objs', name)};`).join('\n')
    if (result.dynamic === 'yes') {
      result.dynamicWorks = await attempt(log, () => check(true, loadModule))
      // The module stays as it is; the nginx around it loses its patch.
      result.unpatchedWorks = await attempt(log, async () => {
        for (const patch of patchesFor(version, 'hook')) {
          if (!apply(dir, patch, true).applies) throw new Error('the patch cannot be taken back')
        }
        await make('objs/nginx')
        await check(false, loadModule)
      })
    }
  }
  rmSync(dir, { recursive: true, force: true })
  return result
}

/** The whole nginx, with SSL, HTTP/2, threads and debugging, and the module in it. */
export const tryWholeRelease = async (version, unpack, compiler) => {
  const { dir } = await prepared(version, unpack, true)
  const { log, configure, make } = makeIn(dir)
  const args = argumentsFor(dir, version, { compiler, isWhole: true })
  const whole = await attempt(log, async () => {
    await configure(...args, `--add-module=${moduleDir}`)
    await make('objs/nginx')
    await checkBehaviour({ command: join(dir, 'objs', 'nginx'), loadModule: '', isPatched: true })
  })
  rmSync(dir, { recursive: true, force: true })
  return { version, compiler, whole }
}
