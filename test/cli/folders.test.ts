import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '../real/support/temp-dir.ts'
import { withReadOnlyFolders, withSmallFolder } from '../support/namespaces.ts'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = readFileSync(new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url), 'utf8')
const packageFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Says that it is an nginx, and takes every configuration: what is tested is where files are written. */
const nginx = `#!/bin/sh
echo 'nginx version: nginx/1.26.3' >&2
`
const flags = ['--', '--without-http_rewrite_module', '--without-http_gzip_module']

/** What it does, and the exit code where every folder is as it should be. */
const commands = {
  schema: [['schema'], 0],
  explain: [['explain', 'allow-everyone'], 0],
  completion: [['completion', 'bash'], 0],
  version: [['--version', '-v'], 0],
  init: [['init', '-y', '--output', 'out/new.yaml'], 0],
  generate: [['generate', '--output', 'out'], 0],
  check: [['generate', '--output', 'out', '--check'], 1],
  'dry run': [['generate', '--output', 'out', '-n'], 0],
  stdout: [['generate', '--stdout'], 0],
  diff: [['diff', '--output', 'out'], 0],
  'diff of a commit': [['diff', '--base', 'HEAD'], 0],
  'fetch of jars': [['generate', '--output', 'out', '--fetch-libs', 'out/libs'], 0],
  validate: [['validate', '-t', 'nginx'], 0],
  'plan of a lab': [['lab', '-n', '--upstream', 'tomcats_jvm_route'], 0],
  lab: [['lab', '--scenario', 'sticky', '--clients', '2'], 3],
  'plan of verify': [['verify', 'http://127.0.0.1:1/', '-n'], 0],
  verify: [['verify', 'http://127.0.0.1:1/'], 3],
  abi: [['abi', process.execPath], 2],
  'plan of build-nginx': [['build-nginx', '1.26.3', '-n', ...flags], 0],
  'build-nginx': [['build-nginx', '1.26.3', '--offline', ...flags], 3],
} as const satisfies Record<string, readonly [readonly string[], number]>

type Name = keyof typeof commands

interface Situation {
  /** Words before the command; a text says why this host cannot have the situation. */
  readonly through: (cwd: string) => readonly string[] | string
  readonly env?: (cwd: string) => Readonly<Record<string, string>>
  /** All commands are tried, not only a part of those that can do their work. */
  readonly isWhole?: true
  /** Commands that cannot do their work then, and what they say. */
  readonly refused: Readonly<Partial<Record<Name, RegExp>>>
}

const plain = (): readonly string[] => []
/** Whether this user may mount. */
const mounts = withReadOnlyFolders([])

const noTmp = /cannot make a folder in \/nowhere\/tmp: there is no such file or folder/
const noSpace = /no space is left on the device/
const readOnly = /the file system is read-only/

/** Fills a small folder, so that not even one more block is there. */
const full = (words: readonly string[] | string, folder: string): readonly string[] | string =>
  typeof words === 'string'
    ? words
    : [...words, 'sh', '-c', `cat /dev/zero > '${folder}/fill' 2> /dev/null; exec "$@"`, 'sh']

const situations: Readonly<Record<string, Situation>> = {
  'every folder as it should be': { through: plain, isWhole: true, refused: {} },
  'a package, a working directory and a HOME that are read-only': {
    isWhole: true,
    through: (cwd) => withReadOnlyFolders([packageFolder, cwd]),
    refused: {
      init: readOnly,
      generate: readOnly,
      'fetch of jars': readOnly,
      'plan of build-nginx': /read-only\n.*set another folder with --cache/,
      'build-nginx': /read-only\n.*set another folder with --cache/,
    },
  },
  'a HOME that does not exist': {
    through: plain,
    env: (cwd) => ({ HOME: join(cwd, 'none/such') }),
    refused: {},
  },
  'an empty HOME': { through: plain, env: () => ({ HOME: '' }), refused: {} },
  'a cache that cannot be written to': {
    through: (cwd) => withReadOnlyFolders([join(cwd, 'home')]),
    env: (cwd) => ({ SESSCTL_CACHE: join(cwd, 'home/cache') }),
    refused: {
      'plan of build-nginx': /read-only\n.*set another folder with --cache/,
      'build-nginx': /read-only\n.*set another folder with --cache/,
    },
  },
  'a cache that is full': {
    through: (cwd) => full(withSmallFolder(join(cwd, 'home'), 65_536), join(cwd, 'home')),
    env: (cwd) => ({ SESSCTL_CACHE: join(cwd, 'home/cache') }),
    refused: {},
  },
  'a TMPDIR that does not exist': {
    through: plain,
    env: () => ({ TMPDIR: '/nowhere/tmp' }),
    refused: { validate: noTmp, lab: noTmp },
  },
  'a TMPDIR that is full': {
    through: (cwd) => full(withSmallFolder(join(cwd, 'tmp'), 65_536), join(cwd, 'tmp')),
    env: (cwd) => ({ TMPDIR: join(cwd, 'tmp') }),
    refused: { validate: noSpace, lab: noSpace },
  },
  'an output folder on a full disk': {
    through: (cwd) => full(withSmallFolder(join(cwd, 'out'), 16_384), join(cwd, 'out')),
    refused: { init: noSpace, generate: noSpace, 'fetch of jars': noSpace },
  },
}

const git = (cwd: string, ...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], { cwd })

let project = ''
beforeAll(() => {
  project = tempDir()
  for (const folder of ['home', 'tmp', 'out', 'bin']) mkdirSync(join(project, folder))
  writeFileSync(join(project, 'sessctl.yaml'), spec)
  writeFileSync(join(project, 'bin/nginx'), nginx, { mode: 0o755 })
  git(project, 'init', '-q', '--template=')
  git(project, 'add', 'sessctl.yaml')
  git(project, 'commit', '-q', '-m', 'spec')
})

const inProject = (work: (cwd: string) => Promise<void>) =>
  inTemporaryFolder(async (cwd) => {
    cpSync(project, cwd, { recursive: true })
    await work(cwd)
  })

const nameOf = (title: string): Name | null =>
  (Object.keys(commands) as readonly Name[]).find((name) => name === title) ?? null

/** Every command that is refused, and of the others every fourth one, in turns. */
const triedIn = (situation: number, { refused, isWhole }: Situation): readonly string[] =>
  Object.keys(commands).filter(
    (key, at) => isWhole === true || key in refused || (situation + at) % 4 === 0,
  )

for (const [at, [title, situation]] of Object.entries(situations).entries()) {
  const { through, env, refused } = situation
  // Nothing depends on the process.
  const isUsual = through === plain && env === undefined
  const isMissing = through !== plain && typeof mounts === 'string'
  describe.skipIf(isMissing)(`${title}${isMissing ? ` (not here: ${mounts})` : ''}`, () => {
    test.each(triedIn(at, situation))('%s', (key) =>
      inProject(async (cwd) => {
        const name = nameOf(key)
        if (name === null) throw new TypeError(key)
        const [args, usual] = commands[name]
        const words = through(cwd)
        if (typeof words === 'string') throw new Error(words)
        const given = {
          cwd,
          env: {
            SESSCTL_NGINX: join(cwd, 'bin/nginx'),
            HOME: join(cwd, 'home'),
            ...env?.(cwd),
          },
        }
        const { exitCode, stdout, stderr } = isUsual
          ? await runHere(args, given)
          : await runCli(args, { ...given, through: words })
        const said = `${stdout}\n${stderr}`
        expect(said).not.toMatch(/^\s+at .*:\d+:\d+\)?$|this is a bug/m)
        const refusal = refused[name]
        if (refusal !== undefined) expect(stderr).toMatch(refusal)
        expect(exitCode, stderr).toBe(refusal === undefined ? usual : 3)
        if (exitCode === 3) expect(stderr).toMatch(/^error: \S/m)
        if (refusal !== undefined) expect(stderr).toMatch(/^error: .*\n {2}= help: \S/m)
      }),
    )
  })
}
