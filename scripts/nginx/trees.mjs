// nginx trees: unpacked, patched, configured and compiled, without the module.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { digestOf } from './digest.mjs'
import { buildsDir, installed, repository } from './places.mjs'
import { run } from './run.mjs'
import { flagsFor, patchesFor } from './series.mjs'
import { configureArguments, trees } from './variants.mjs'

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

/** The environment of a build: the installed toolchain first, and what remembers its answers. */
export const buildEnvironment = () => {
  const { path, stamp } = installed().get('toolchain')
  return {
    PATH: [join(repository, 'scripts', 'nginx'), path, process.env['PATH']].join(':'),
    SESSCTL_CC_MEMORY: join(buildsDir(), 'cc-memory', digestOf(stamp)),
    LC_ALL: 'C',
    TMPDIR: process.env['TMPDIR'] ?? '/tmp',
  }
}

/** A private folder beside the results, so that these can be moved into their place at once. */
export const workFolder = () => {
  mkdirSync(join(buildsDir(), 'work'), { recursive: true })
  return mkdtempSync(join(buildsDir(), 'work', 'build-'))
}

/**
 * Makes a folder of this name, or finds it made: whoever else makes the same at the same time makes
 * it of the same bytes, and the first one is kept. `make` gets a folder to fill.
 */
export const made = async (kind, name, make) => {
  const place = join(buildsDir(), kind, name)
  if (!existsSync(place)) {
    const work = workFolder()
    await make(work)
    mkdirSync(join(buildsDir(), kind), { recursive: true })
    try {
      renameSync(work, place)
    } catch (error) {
      if (!existsSync(place)) throw error
      rmSync(work, { recursive: true, force: true })
    }
  }
  utimesSync(place, new Date(), new Date()) // in use: not to be swept away yet
  return place
}

/** Applies one patch exactly, or fails. */
export const applyPatch = (dir, log, { file, strip }) =>
  run('patch', ['--batch', '--forward', '--fuzz=0', `-p${strip}`, '-i', file], {
    cwd: dir,
    log,
    env: buildEnvironment(),
  })

/** The configure script: of a release's tarball, or of the repository's tree. */
export const configureScript = (dir) =>
  existsSync(join(dir, 'configure')) ? './configure' : './auto/configure'

/** The arguments of configure for a tree of this release. */
export const argumentsOf = (dir, tree, version) => {
  // It prints its help and exits with 1.
  const help = spawnSync(configureScript(dir), ['--help'], { cwd: dir, encoding: 'utf8' }).stdout
  return configureArguments(trees[tree], flagsFor(version, trees[tree].compiler), help)
}

/** The name of a tree says all that it is made of. */
export const treeName = ({ short, version, tarball }, tree) => {
  const patches = [
    ...patchesFor(version, 'compat'),
    ...(trees[tree].hook ? patchesFor(version, 'hook') : []),
  ]
  const contents = [
    sha256(tarball),
    installed().get('toolchain').stamp,
    ...patches.map(({ file }) => sha256(file)),
  ]
  const recipe = JSON.stringify([
    trees[tree],
    flagsFor(version, trees[tree].compiler),
    configureArguments(trees[tree], [], ''),
  ])
  return `${short}-${tree}-${digestOf(...contents, recipe)}`
}

export const makeArguments = (tree) => ['-f', 'objs/Makefile', ...(trees[tree].make ?? [])]

/** The same for the module's own files, and to link them. */
export const moduleMakeArguments = (tree) => {
  const { make = [], moduleMake = make } = trees[tree]
  return ['-f', 'objs/Makefile', ...moduleMake]
}

/** Makes a tree; its nginx is objs/nginx. */
export const makeTree = (source, tree) =>
  made('trees', treeName(source, tree), async (work) => {
    const { version, tarball } = source
    const log = join(work, 'build.log')
    const options = { cwd: work, log, env: buildEnvironment() }
    if (tree === 'hook') {
      // The same arguments as plain: what the patch does not reach is compiled already.
      await run('cp', ['-a', `${await makeTree(source, 'plain')}/.`, work], options)
    } else {
      await run('tar', ['-xzf', tarball, '--strip-components=1', '--no-same-owner'], options)
      for (const patch of patchesFor(version, 'compat')) await applyPatch(work, log, patch)
    }
    for (const patch of trees[tree].hook ? patchesFor(version, 'hook') : []) {
      await applyPatch(work, log, patch)
    }
    if (tree !== 'hook') {
      await run(configureScript(work), argumentsOf(work, tree, version), options)
    }
    await run('make', [...makeArguments(tree), 'objs/nginx'], options)
  })
