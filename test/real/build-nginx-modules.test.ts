import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { knownModules } from '../../src/build-nginx/core/sources/known/index.ts'
import { type Built, buildNginx, findNginxSource, lean } from './support/build.ts'
import { moduleSource } from './support/module-sources.ts'
import { findByName, findToolchain, type Missing, skipWithout, whyNot } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

/** Built in only, or with a patch of nginx: SESSCTL_TEST_MODULES has them for a build of their own. */
const alone = ['upstream_check', 'sticky-ng', 'tcp_proxy', 'original-jvm_route']
const together = Object.keys(knownModules).filter((name) => !alone.includes(name))

const toolchain = findToolchain()
const source = findNginxSource('1.22')
const libraries = findByName('module-libraries')

/** `lean`, but with the parts of nginx that modules use. */
const flags = lean.filter((flag) => !/gzip|cc-opt/.test(flag))

const variablesFor = (root: string, include: string, lib: string): readonly string[] => [
  `LUAJIT_INC=${include}/luajit-2.1`,
  `LUAJIT_LIB=${lib}`,
  `LUA_PATH=${root}/usr/share/lua/5.1/?.lua;;`,
  `MODSECURITY_INC=${include}`,
  `MODSECURITY_LIB=${lib}`,
  'NJS_LIBXSLT=NO',
  'NJS_QUICKJS=NO',
]

/** The zstd module prefers libzstd.a, and Debian's is not made for shared objects. */
const sharedOnly = (from: string, to: string): string => {
  mkdirSync(to)
  for (const name of readdirSync(from))
    if (name !== 'libzstd.a') symlinkSync(join(from, name), join(to, name))
  return to
}

interface Outcome {
  readonly built: Built
  readonly recipe: { readonly environment?: Readonly<Record<string, string>> }
}

const buildTogether = async (
  sources: ReadonlyMap<string, string | Missing>,
  cwd: string,
): Promise<Outcome | null> => {
  if ('missing' in toolchain || 'missing' in source || 'missing' in libraries) return null
  const include = join(libraries.path, 'usr/include')
  const machine = readdirSync(include).find((name) => name.endsWith('-linux-gnu')) ?? ''
  const lib = sharedOnly(join(libraries.path, 'usr/lib', machine), join(cwd, 'lib'))
  const modules = [...sources].flatMap(([name, found]) =>
    typeof found === 'string' ? [`${name}=${found}`] : [],
  )
  const built = await buildNginx(
    [
      '--dynamic',
      '--source',
      source.tarball,
      // Against their order: a module that another one needs comes first all the same.
      ...modules.toReversed().flatMap((module) => ['--module', module]),
      ...variablesFor(libraries.path, include, lib).flatMap((text) => ['--env', text]),
      '--output',
      'out',
      '--',
      `--with-cc-opt=-O0 -Wno-error=vla-parameter -I${include} -I${include}/${machine}`,
      `--with-ld-opt=-L${lib} -Wl,-rpath,${lib} -Wl,-rpath-link,${lib}`,
      // lua 0.10.23 of Debian 12 reads the old PCRE only.
      '--without-pcre2',
      ...flags,
    ],
    { cwd, toolchain, cache: join(cwd, 'cache') },
  )
  expect(built.exitCode, `${built.stdout}${built.stderr}`).toBe(0)
  const { recipe } = JSON.parse(readFileSync(join(cwd, 'out/manifest.json'), 'utf8'))
  return { built, recipe }
}

describe('the modules that have a name', () => {
  const sources = new Map<string, string | Missing>()
  let outcome: Outcome | null = null

  beforeAll(async () => {
    const cwd = tempDir()
    for (const name of together) sources.set(name, await moduleSource(name, cwd))
    outcome = await buildTogether(sources, cwd)
  }, 900_000)

  test.for(together)('%s is a shared object that nginx loads and that serves', (name, context) => {
    const found = sources.get(name)
    const lacking = [toolchain, source, libraries, found ?? {}].filter(
      (one): one is Missing => typeof one === 'object' && 'missing' in one,
    )
    if (lacking.length > 0) return skipWithout(lacking, context)
    const seen = outcome?.built.document?.seen ?? []
    expect(seen.filter((line) => line.startsWith(`${name} `))).toEqual([
      name === 'ndk' ? 'ndk is loaded' : `${name} made its response`,
    ])
  })

  test('variables for configure are part of the recipe', (context) => {
    const reason = whyNot({ toolchain, source, libraries })
    if (reason !== null) context.skip(reason)
    expect(outcome?.recipe.environment).toMatchObject({ NJS_QUICKJS: 'NO' })
  })
})
