import type { ChildProcess } from 'node:child_process'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, type TestContext, vi } from 'vitest'
import { readNginx, releaseOf } from '../../src/build-nginx/core/abi/read.ts'
import { sha256Hex } from '../../src/build-nginx/core/digest.ts'
import { canonicalJson } from '../../src/build-nginx/core/package/recipe.ts'
import { cyclonedxErrors } from '../support/cyclonedx.ts'
import { runCli } from '../support/run-cli.ts'
import {
  type Built,
  buildEnvironment,
  buildNginx,
  compiled,
  copyModule,
  findNginxSource,
  findSignedSource,
  lean,
  logOf,
  workingBelow,
} from './support/build.ts'
import { findDebian, findPackages, runInDebian, saidIn } from './support/debian-root.ts'
import { run } from './support/process.ts'
import {
  findServer,
  findToolchain,
  serversDir,
  type Toolchain,
  withServers,
} from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const toolchain = findToolchain()
const needs = { toolchain, source: findNginxSource('1.22') }
/** The builds of this file share it, as those of a user do. */
const cache = tempDir()

vi.setConfig({ testTimeout: 900_000 })

/** Sends one signal in the middle of the compilation. */
const signalAt = (child: ChildProcess, signal: NodeJS.Signals): void => {
  let seen = ''
  const look = (text: string): void => {
    seen += text
    if ((seen.match(/-o objs\/\S+\.o/g)?.length ?? 0) < 8) return
    child.stderr?.off('data', look)
    child.kill(signal)
  }
  child.stderr?.on('data', look)
}

/** What was packaged, by the tools that others have. */
const checkPackages = async (cwd: string, built: Built): Promise<void> => {
  const nginx = built.document?.sha256['nginx']
  const manifest = JSON.parse(readFileSync(join(cwd, 'out/manifest.json'), 'utf8'))
  expect(manifest.build).toBe(built.document?.build)
  expect(`sessctl-${sha256Hex(canonicalJson(manifest.recipe)).slice(0, 16)}`).toBe(manifest.build)
  for (const { path, sha256, mode } of manifest.files) {
    expect(sha256Hex(readFileSync(join(cwd, 'out', path)))).toBe(sha256)
    expect((statSync(join(cwd, 'out', path)).mode & 0o777).toString(8)).toBe(mode.slice(1))
  }
  const files = manifest.files.map(({ path }: { path: string }) => path)
  expect(files).toContain('sbin/nginx')
  expect(files).toContain('conf/nginx.conf')
  const bom = JSON.parse(readFileSync(join(cwd, 'out/sbom.cdx.json'), 'utf8'))
  expect(cyclonedxErrors(bom)).toBeNull()
  expect(bom.components[0].pedigree.patches).toHaveLength(1)

  const contents = await run(['dpkg-deb', '--contents', 'a.deb'], cwd)
  const lines = contents.output.trimEnd().split('\n')
  expect(lines.every((line) => /^[-d]rw[-x]r-[-x]r-[-x] root\/root /.test(line))).toBe(true)
  expect(contents.output).toMatch(/^-rwxr-xr-x .* (\.\/)?usr\/local\/nginx\/sbin\/nginx$/m)
  const info = await run(['dpkg-deb', '--info', 'a.deb'], cwd)
  expect(info.output).toMatch(/^ Package: nginx-sessctl$/m)
  expect(info.output).toMatch(/^ Depends: systemd \| systemd-standalone-sysusers/m)
  const conffiles = await run(['dpkg-deb', '--info', 'a.deb', 'conffiles'], cwd)
  expect(conffiles.output).toContain('/usr/local/nginx/conf/nginx.conf\n')

  await run(['dpkg-deb', '-x', 'a.deb', 'deb'], cwd)
  mkdirSync(join(cwd, 'tar'))
  await run(['tar', '-xzf', 'a.tar.gz', '-C', 'tar'], cwd)
  for (const folder of ['out', 'deb/usr/local/nginx', 'tar/nginx-1.22.1']) {
    const binary = join(cwd, folder, 'sbin/nginx')
    expect(sha256Hex(readFileSync(binary))).toBe(nginx)
    const tested = await run([binary, '-p', join(cwd, folder), '-t'], cwd)
    expect(tested.output).toContain('test is successful')
  }
}

/** As they are in a package, so that the same objects are for all of its forms. */
const placed = [...lean, '--prefix=/usr/local/nginx', '--user=daemon', '--group=daemon']

describe('nginx 1.22.1 with the module built in', () => {
  let first = ''
  let packages: readonly string[] = []

  withServers(
    needs,
    'resumes an interrupted build and ends its compilers on an interruption',
    async ({ toolchain: tools, source }) => {
      const cwd = tempDir()
      const module = copyModule(join(cwd, 'module'))
      const args = ['--source', source.tarball, '-m', `jvm_route=${module}`]
      const stopped = await runCli(['build-nginx', ...args, '--verbose', '--', ...placed], {
        cwd,
        env: buildEnvironment(tools, cache),
        whileRunning: (child) => signalAt(child, 'SIGINT'),
      })
      expect(stopped.exitCode).toBe(130)
      expect(workingBelow(cache)).toEqual([])
      expect(readdirSync(join(cache, 'incoming'))).toEqual([])
      expect(existsSync(join(cache, 'builds'))).toBe(false)
      expect(existsSync(join(cwd, 'nginx.lock'))).toBe(false)

      const built = await buildNginx([...args, '--', ...placed], { cwd, toolchain: tools, cache })
      expect(built.stderr).toBe('')
      const again = compiled(built)
      expect(again.length).toBeGreaterThan(20)
      expect(again).not.toContain('objs/src/core/nginx.o')

      // A changed module compiles itself, and the few files that hold the name of the build.
      appendFileSync(join(module, 'ngx_http_upstream_jvm_route_status.c'), '\n/* changed */\n')
      const outputs = ['-o', 'out', '-o', 'a.tar.gz', '-o', 'a.deb']
      const changed = await buildNginx([...args, ...outputs, '--update', '--', ...placed], {
        cwd,
        toolchain: tools,
        cache,
      })
      expect(changed.stderr).toBe('')
      packages = changed.document?.packages.map(({ sha256 }) => sha256) ?? []
      await checkPackages(cwd, changed)
      expect(
        compiled(changed)
          .filter((name) => !name.includes('jvm_route') && !name.endsWith('ngx_modules.o'))
          .toSorted(),
      ).toEqual([
        'objs/src/core/nginx.o',
        'objs/src/http/ngx_http_header_filter_module.o',
        'objs/src/http/ngx_http_special_response.o',
        'objs/src/os/unix/ngx_posix_init.o',
      ])
      expect(compiled(changed).some((name) => name.includes('jvm_route_status'))).toBe(true)
      expect(changed.document?.build).toMatch(/^sessctl-[0-9a-f]{16}$/)
      expect(changed.document?.build).not.toBe(built.document?.build)
      first = changed.document?.sha256['nginx'] ?? ''

      // One that does not compile is named, with its line; what was there before stays.
      appendFileSync(
        join(module, 'ngx_http_upstream_jvm_route_status.c'),
        '\nint broken = nothing;\n',
      )
      const broken = await buildNginx([...args, '--update', '--', ...placed], {
        cwd,
        toolchain: tools,
        cache,
      })
      expect(broken.exitCode).toBe(3)
      expect(JSON.parse(broken.stdout).error.message).toMatch(
        /the compilation failed: \S*jvm_route_status\.c:\d+: .*nothing/,
      )
      expect(existsSync(changed.document?.nginx ?? '')).toBe(true)
    },
  )

  withServers(
    needs,
    'builds identical bytes in another folder, also after a power cut',
    async ({ toolchain: tools, source }) => {
      const [cwd, other] = [tempDir(), tempDir()]
      const module = copyModule(join(cwd, 'module'))
      appendFileSync(join(module, 'ngx_http_upstream_jvm_route_status.c'), '\n/* changed */\n')
      const args = ['--source', source.tarball, '-m', `jvm_route=${module}`]
      const killed = await runCli(['build-nginx', ...args, '--verbose', '--', ...placed], {
        cwd,
        env: buildEnvironment(tools, other),
        whileRunning: (child) => signalAt(child, 'SIGKILL'),
      })
      expect(killed.signal).toBe('SIGKILL')
      const outputs = ['-o', 'b', '-o', 'below/b.tar.gz', '-o', 'b.deb']
      const built = await buildNginx([...args, ...outputs, '--', ...placed], {
        cwd,
        toolchain: tools,
        cache: other,
      })
      expect(built.stderr).toBe('')
      expect(built.document?.sha256['nginx']).toBe(first)
      expect(built.document?.packages.map(({ sha256 }) => sha256)).toEqual(packages)
      expect(built.document?.seen).toHaveLength(3)
      expect(built.document?.patches).toEqual([
        expect.objectContaining({ name: 'server-parameter.patch', state: 'applied' }),
      ])

      const binary = built.document?.nginx ?? ''
      const facts = readNginx(readFileSync(binary))
      expect(releaseOf(facts?.version ?? 0)).toBe('1.22.1')
      expect(facts?.configureArguments).not.toContain(other)
      expect(readFileSync(binary, 'latin1')).not.toContain(other)
      const said = await run([binary, '-V'], cwd)
      expect(said.output).toContain('--add-module=../modules/jvm_route')
      expect(said.output).toContain(`nginx version: nginx/1.22.1 (${built.document?.build})`)
      expect(said.output).toContain(` --build=${built.document?.build}`)

      // The second time everything is looked up.
      const frozen = ['--frozen', '--offline', '--', ...placed]
      const again = await buildNginx([...args, ...outputs, ...frozen], {
        cwd,
        toolchain: tools,
        cache: other,
      })
      expect(again.stderr).toBe('')
      const worked = again.document?.steps
        .filter(({ isCached }) => !isCached)
        .map(({ step }) => step)
      expect(worked).toEqual(['plan', 'verify', 'patch'])
      expect(again.document?.nginx).toBe(binary)
      expect(again.document?.packages.map(({ sha256 }) => sha256)).toEqual(packages)

      // A file that the user changed is kept.
      appendFileSync(join(cwd, 'b/conf/nginx.conf'), '# mine\n')
      const refused = await buildNginx([...args, '-o', 'b', ...frozen], {
        cwd,
        toolchain: tools,
        cache: other,
      })
      expect(refused.exitCode).toBe(3)
      expect(JSON.parse(refused.stdout).error.message).toMatch(
        /b is not replaced: its file conf\/nginx\.conf was changed after sessctl wrote it/,
      )
      expect(readFileSync(join(cwd, 'b/conf/nginx.conf'), 'utf8')).toContain('# mine')
    },
  )

  withServers(
    needs,
    'stops at a patch that does not apply and at unknown flags',
    async ({ toolchain: tools, source }) => {
      const cwd = tempDir()
      writeFileSync(
        join(cwd, 'x.patch'),
        '--- a/src/core/nginx.c\n+++ b/src/core/nginx.c\n@@ -10,3 +10,3 @@\n #include <nginx.h>\n-no such line\n+another\n \n',
      )
      const common = ['--source', source.tarball]
      const rejected = await buildNginx([...common, '--patch', 'x.patch', '--', ...lean], {
        cwd,
        toolchain: tools,
        cache,
      })
      expect(rejected.exitCode).toBe(3)
      expect(JSON.parse(rejected.stdout).error.message).toMatch(
        /x\.patch does not apply to[\s\S]*hunk 1 of src\/core\/nginx\.c[\s\S]*expected "no such line"/,
      )
      const unknown = await buildNginx([...common, '--', '--with-nonsense'], {
        cwd,
        toolchain: tools,
        cache,
      })
      expect(unknown.exitCode).toBe(3)
      expect(JSON.parse(unknown.stdout).error).toMatchObject({
        message: 'configure failed: invalid option "--with-nonsense"',
        help: 'remove --with-nonsense: this release of nginx has no such flag (--drop --with-nonsense for a flag of --like)',
      })
      const compiler = await buildNginx([...common, '--cc', '/no/such/cc'], {
        cwd,
        toolchain: tools,
        cache,
      })
      expect(JSON.parse(compiler.stdout).error.message).toMatch(
        /^configure failed: C compiler \/no\/such\/cc is not found/,
      )
      for (const [output, message] of [
        ['x.patch/out', /x\.patch is not a folder/],
        ['.', /is not replaced: it contains x\.patch/],
        ['x.apk', /packages of this kind are not supported/],
      ] as const) {
        const foreign = await buildNginx([...common, '-o', output, '--dry-run'], {
          cwd,
          toolchain: tools,
          cache,
        })
        expect(JSON.parse(foreign.stdout).error.message).toMatch(message)
      }
      expect(existsSync(join(cwd, 'nginx.lock'))).toBe(false)
    },
  )
})

describe.each([
  ['1.18', '1.22', 'Maxim Dounin'],
  ['1.26', '1.18', 'Sergey Kandaurov'],
] as const)('the real signatures', (release, another, signer) => {
  const signed = {
    toolchain,
    source: findSignedSource(release),
    other: findNginxSource(another),
  }
  withServers(
    signed,
    `nginx ${release}: valid, changed, of another file, missing`,
    async ({ toolchain: tools, source, other }) => {
      const cwd = tempDir()
      const tarball = join(cwd, `nginx-${source.version}.tar.gz`)
      const attempt = async (prepare: () => void) => {
        prepare()
        const args = ['--source', tarball, '--min-verify', 'pgp', '--', '--with-nonsense']
        // Of a cache of its own: bytes that were believed once are believed again.
        const fresh = { cwd, toolchain: tools, cache: tempDir() }
        const result = await buildNginx(args, fresh)
        expect(result.exitCode).toBe(3)
        return String(JSON.parse(result.stdout).error.message)
      }
      const bytes = readFileSync(source.tarball)
      // A source with a valid signature is configured, which fails at once.
      expect(
        await attempt(() => {
          writeFileSync(tarball, bytes)
          copyFileSync(`${source.tarball}.asc`, `${tarball}.asc`)
        }),
      ).toContain('configure failed: invalid option "--with-nonsense"')
      expect(
        await attempt(() => {
          const flipped = Buffer.from(bytes)
          flipped[600_000] = (flipped[600_000] ?? 0) ^ 1
          writeFileSync(tarball, flipped)
        }),
      ).toContain(`the signature of ${signer}`)
      expect(
        await attempt(() => {
          writeFileSync(tarball, readFileSync(other.tarball))
        }),
      ).toContain(`the signature of ${signer}`)
      expect(await attempt(() => writeFileSync(`${tarball}.asc`, 'none'))).toMatch(/cannot be read/)
    },
  )
})

/** Kills only make, during the compilation. */
const killMake = (child: ChildProcess): void => {
  let seen = ''
  const look = (text: string): void => {
    seen += text
    if ((seen.match(/-o objs\/\S+\.o/g)?.length ?? 0) < 8) return
    child.stderr?.off('data', look)
    for (const pid of workingBelow(cache))
      if (readFileSync(`/proc/${pid}/comm`, 'utf8') === 'make\n')
        process.kill(Number(pid), 'SIGKILL')
  }
  child.stderr?.on('data', look)
}

withServers(
  { toolchain, source: findSignedSource('1.18') },
  'builds nginx 1.18.0 for a spec, resumes after make was killed, and builds it again with the same arguments',
  async ({ toolchain: tools, source }) => {
    const cwd = tempDir()
    const flags = [...lean, '--prefix=/opt/nginx']
    const build = { version: '1.18.0', source: source.tarball, modules: ['jvm_route'], flags }
    const spec = readFileSync(
      new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url),
      'utf8',
    )
    writeFileSync(join(cwd, 'sessctl.yaml'), `${spec}\nbuild: ${JSON.stringify(build)}\n`)
    // The tarball is not in the folder of the spec.
    const outside = ['--allow-outside', source.tarball]
    const killed = await runCli(['build-nginx', '--verbose', ...outside], {
      cwd,
      env: buildEnvironment(tools, cache),
      whileRunning: killMake,
    })
    expect(killed.exitCode).toBe(3)
    expect(killed.stderr).toContain('the compilation was killed by SIGKILL')
    const built = await buildNginx(outside, { cwd, toolchain: tools, cache })
    expect(built.stderr).toBe('')
    expect(compiled(built)).not.toContain('objs/src/core/nginx.o')
    expect(built.document?.configure).toEqual([
      ...flags,
      '--add-module=../modules/jvm_route',
      `--build=${built.document?.build}`,
    ])
    expect(built.document?.inputs[0]?.verified.how).toBe('pgp')
    expect(built.document?.seen).toHaveLength(3)

    // Records of the cache that are damaged are made again.
    for (const folder of ['builds', 'proofs'])
      for (const { parentPath, name } of readdirSync(join(cache, folder), {
        recursive: true,
        withFileTypes: true,
      }))
        if (/^(build|nginx-\w+)\.json$/.test(name)) writeFileSync(join(parentPath, name), '{"half')
    const healed = await buildNginx(outside, { cwd, toolchain: tools, cache })
    expect(healed.stderr).toBe('')
    expect(compiled(healed)).toEqual([])
    expect(healed.document?.sha256).toEqual(built.document?.sha256)

    const binary = built.document?.nginx ?? ''
    const args = ['--like', binary, '--source', source.tarball, '--dynamic']
    const like = await buildNginx(args, { cwd, toolchain: tools, cache })
    expect(like.stderr).toBe('')
    expect(like.document?.removedFlags.map(({ flag }) => flag)).toEqual([
      '--add-module=../modules/jvm_route',
      `--build=${built.document?.build}`,
    ])
    expect(like.document?.configure).toEqual([
      ...flags,
      '--add-dynamic-module=../modules/jvm_route',
      `--build=${like.document?.build}`,
    ])
    expect(like.document?.sharedObjects).toHaveLength(1)
    expect(like.document?.seen).toHaveLength(3)
  },
)

withServers(
  { toolchain, source: findNginxSource('1.26') },
  'builds the module as a shared object for nginx 1.26.3 with clang',
  async ({ toolchain: tools, source }) => {
    const cwd = tempDir()
    // Not every mirror gives the signature with the tarball.
    const isSigned = existsSync(`${source.tarball}.asc`)
    const verify = isSigned ? ['--min-verify', 'pgp'] : []
    const args = [
      '1.26.3',
      '--source',
      source.tarball,
      '--dynamic',
      '--cc',
      'clang',
      ...verify,
      '--',
      ...lean,
    ]
    const built = await buildNginx(args, { cwd, toolchain: tools, cache })
    expect(built.stderr).toBe('')
    expect(built.document?.sharedObjects).toHaveLength(1)
    expect(built.document?.seen).toHaveLength(3)
    if (isSigned) {
      expect(built.document?.inputs[0]?.verified.how).toBe('pgp')
      expect(logOf(built, 'verify')).toContain('signed by Sergey Kandaurov on 2025-02-05')
    }
    const fit = await runCli(
      ['abi', built.document?.nginx ?? '', ...(built.document?.sharedObjects ?? [])],
      { cwd },
    )
    expect(fit.exitCode).toBe(0)
  },
)

const forDistribution = { toolchain, nginx: findServer('nginx', '1.22') }

/** The nginx of bookworm that the tests have, and a `dpkg-query` that knows it in a revision. */
const distributionNginx = (command: string, revision: string, tools: Toolchain, cwd: string) => {
  const binary = join(command, '../../roots/bookworm-native/usr/sbin/nginx')
  const database = join(cwd, 'dpkg')
  mkdirSync(join(database, 'info'), { recursive: true })
  mkdirSync(join(database, 'updates'))
  mkdirSync(join(cwd, 'bin'))
  writeFileSync(
    join(database, 'status'),
    `Package: nginx\nStatus: install ok installed\nMaintainer: n <n@example.com>\nArchitecture: all\nProvides: httpd, nginx-abi-1.22.1-7\nVersion: ${revision}\nDescription: nginx\n\n`,
  )
  writeFileSync(join(database, 'info/nginx.list'), `${binary}\n`)
  writeFileSync(
    join(cwd, 'bin/dpkg-query'),
    `#!/bin/sh\nexec /usr/bin/dpkg-query --admindir='${database}' "$@"\n`,
    { mode: 0o755 },
  )
  return { binary, toolchain: { ...tools, bin: `${join(cwd, 'bin')}:${tools.bin}` } }
}

/** Of the package that scripts/install-servers has installed. */
const installedNginx = (): string =>
  / nginx=(\S+)/.exec(readFileSync(join(serversDir(), 'sets/bookworm-native.tsv'), 'utf8'))?.[1] ??
  ''

/** Null where packages cannot be installed: the rest of a test is worth its time. */
const debianRoot = (folder: string, tools: Toolchain) => {
  const [debian, packages] = [findDebian(), findPackages()]
  return 'missing' in debian || 'missing' in packages
    ? null
    : { layers: [debian], folder, packages, toolchain: tools }
}

/** The modules of a package that the workers of Debian's nginx have in memory. */
const loadedModules = `
loaded() { sed -n 's/.*ngx_\\(http_\\)\\?\\(.*\\)_module\\.so.*$/\\2/p' "/proc/$(cat /run/nginx.pid)/maps" | sort -u | tr '\\n' ' ' | sed 's/ $//'; }
apt='apt-get -qq --yes install'
`

const installModules = `${loadedModules}
$apt /debs/nginx-common_*.deb /debs/nginx_*.deb /debs/libnginx-mod-http-echo_*.deb
said before "$(status 80)"
tree >/tmp/before
$apt ./mods.deb
said echo "$(dpkg --status libnginx-mod-http-echo | grep -q '^Status: .* config-files$' && echo replaced)"
nginx -t -q
said loaded "$(loaded)"
rm /etc/nginx/modules-enabled/*jvm-route*
$apt --reinstall ./mods.deb
sleep 1
said disabled "$(loaded)"
dpkg --purge libnginx-mod-modules-sessctl
said removed "$(status 80)"
$apt /debs/libnginx-mod-http-echo_*.deb
tree >/tmp/after
said left "$(diff /tmp/before /tmp/after | grep '^[<>]' | tr '\\n' ' ')"
`

const replaceNginx = `${loadedModules}
$apt /debs/*.deb
said before "$(status 80)"
configuration() { find /etc/nginx -type f -exec sha256sum {} +; dpkg --status libnginx-mod-stream libnginx-mod-http-echo; }
configuration >/tmp/before
$apt ./drop-in.deb
said after "$(status 80)"
said nginx "$(nginx -v 2>&1 | sed 's/.*(\\(.*\\))$/\\1/')"
said loaded "$(loaded)"
said changed "$(configuration | diff /tmp/before - | tr '\\n' ' ')"
old=$(cat /run/nginx.pid)
$apt --reinstall ./drop-in.deb
said upgraded "$(status 80) $([ "$(cat /run/nginx.pid)" != $old ] && echo by a new master)"
$apt /debs/nginx_*.deb
said returned "$(nginx -v 2>&1) $(status 80)"
dpkg --purge nginx-core-sessctl
said left "$(configuration | diff /tmp/before - | tr '\\n' ' ')"
`

const skipElsewhere = async (context: TestContext, cwd: string) => {
  const targets = await run(['apt-get', 'indextargets', '--format', '$(ORIGIN) $(RELEASE)'], cwd)
  if (!targets.output.includes('Debian bookworm'))
    context.skip("this machine's apt is not bookworm's")
}

withServers(
  forDistribution,
  "builds three modules for Debian's nginx with the headers of the installed revision",
  async ({ toolchain: tools, nginx }, context) => {
    const cwd = tempDir()
    await skipElsewhere(context, cwd)
    const revision = installedNginx()
    const { binary, toolchain: known } = distributionNginx(nginx.command, revision, tools, cwd)
    const others = [
      'headers-more=apt:libnginx-mod-http-headers-more-filter',
      'echo=apt:libnginx-mod-http-echo',
    ]
    const args = ['--for', binary, ...['jvm_route', ...others].flatMap((name) => ['-m', name])]
    const built = await buildNginx([...args, '-o', 'mods.deb'], { cwd, toolchain: known, cache })
    expect(built.stderr).toBe('')
    expect(built.document?.nginx).toBeNull()
    expect(built.document?.sharedObjects).toHaveLength(3)
    const [source] = built.document?.inputs ?? []
    expect(source?.verified).toEqual({ how: 'apt', package: 'nginx-dev', version: revision })
    const hows = built.document?.inputs.map(({ verified }) => verified.how)
    expect(hows).toEqual(['apt', 'package', 'apt', 'apt'])
    const contents = await run(['dpkg-deb', '--contents', 'mods.deb'], cwd)
    expect(contents.output).toMatch(/usr\/lib\/nginx\/modules\/ngx_http_echo_module\.so$/m)
    // Three of sessions, and one of each other module.
    expect(built.document?.seen).toHaveLength(5)

    const debian = debianRoot(cwd, tools)
    if (debian === null) return
    const installed = await runInDebian(debian, installModules)
    expect(saidIn(installed), installed.output).toEqual({
      before: 'HTTP/1.1 200 OK',
      echo: 'replaced',
      loaded: 'echo headers_more_filter upstream_jvm_route',
      disabled: 'echo headers_more_filter',
      removed: 'HTTP/1.1 200 OK',
      left: '',
    })
  },
)

withServers(
  forDistribution,
  "builds an nginx like Debian's from the source of its revision, with its dynamic modules",
  async ({ toolchain: tools, nginx }, context) => {
    const cwd = tempDir()
    await skipElsewhere(context, cwd)
    // The mirrors of the tests may lack the newest revision.
    const revision = '1.22.1-9+deb12u9'
    const { binary, toolchain: known } = distributionNginx(nginx.command, revision, tools, cwd)
    const lacking = ['http_geoip', 'stream_geoip', 'http_image_filter', 'http_perl', 'http_xslt']
    const drops = lacking.flatMap((name) => ['--drop', name])
    // Debian's nginx.conf has "gzip on".
    const flags = lean.filter((flag) => !flag.includes('gzip'))
    const args = ['--like', binary, ...drops, '-o', 'pkg/', '-o', 'drop-in.deb', '--', ...flags]
    const built = await buildNginx(args, { cwd, toolchain: known, cache })
    expect(built.stderr).toBe('')
    const [source] = built.document?.inputs ?? []
    expect(source?.verified).toEqual({ how: 'apt', package: 'nginx', version: revision })
    const modules = built.document?.sharedObjects.map((file) => file.replace(/.*\//, ''))
    expect(modules?.toSorted()).toEqual(['ngx_mail_module.so', 'ngx_stream_module.so'])
    expect(built.document?.seen).toHaveLength(3)
    expect(built.document?.routes).toBe('server ADDRESS srun_id=ID;')
    expect(readFileSync(join(cwd, 'pkg/load_module.conf'), 'utf8')).toMatch(
      /^(load_module \/usr\/lib\/nginx\/modules\/ngx_(mail|stream)_module\.so;\n){2}$/,
    )

    const debian = debianRoot(cwd, tools)
    if (debian === null) return
    const replaced = await runInDebian(debian, replaceNginx)
    expect(saidIn(replaced), replaced.output).toEqual({
      before: 'HTTP/1.1 200 OK',
      after: 'HTTP/1.1 200 OK',
      nginx: built.document?.build,
      // Debian's own: the ABI is the same.
      loaded: 'echo stream',
      changed: '',
      upgraded: 'HTTP/1.1 200 OK by a new master',
      returned: 'nginx version: nginx/1.22.1 HTTP/1.1 200 OK',
      left: '',
    })
  },
  { timeout: 600_000 },
)

withServers(
  forDistribution,
  "refuses to build modules for a revision of Debian's nginx that is not installed",
  async ({ toolchain: tools, nginx }, context) => {
    const cwd = tempDir()
    await skipElsewhere(context, cwd)
    const revision = '1.22.1-9+deb12u0'
    const { binary, toolchain: known } = distributionNginx(nginx.command, revision, tools, cwd)
    for (const option of ['--for', '--like']) {
      const built = await buildNginx([option, binary], { cwd, toolchain: known, cache })
      expect(built.exitCode).toBe(3)
      expect(built.stdout).toContain(`Debian has no source package nginx ${revision}`)
    }
  },
)
