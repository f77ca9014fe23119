import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readNginx } from '../../src/build-nginx/core/abi/read.ts'
import { printedArguments } from '../../src/build-nginx/core/configure/printed.ts'
import { configureError } from '../../src/build-nginx/core/configure-error.ts'
import { fc } from '../support/fast-check.ts'
import { findByName, findServer, findToolchain, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const needs = { toolchain: findToolchain(), headers: findByName('nginx-headers-1.22') }

/** nginx's own configure, with its `auto/`, in a folder of its own. */
const treeOf = (source: string, folder: string): string => {
  mkdirSync(folder, { recursive: true })
  for (const name of ['configure', 'auto'])
    cpSync(join(source, name), join(folder, name), { recursive: true })
  mkdirSync(join(folder, 'src'), { recursive: true })
  return folder
}

const configure = (folder: string, args: readonly string[], path: string) => {
  const env = { PATH: path, LC_ALL: 'C' }
  const ended = spawnSync('sh', ['./configure', ...args], { cwd: folder, env, encoding: 'utf8' })
  const log = join(folder, 'objs/autoconf.err')
  return {
    exitCode: ended.status,
    ...configureError(
      `${ended.stdout}${ended.stderr}`.split('\n'),
      existsSync(log) ? readFileSync(log, 'latin1') : '',
    ),
  }
}

withServers(needs, 'the cause of a real failure of configure', async ({ toolchain, headers }) => {
  const folder = treeOf(headers.path, join(tempDir(), 'nginx'))
  const path = `${toolchain.bin}:/usr/bin:/bin`
  const failures: readonly (readonly [readonly string[], RegExp, RegExp])[] = [
    [['--with-nonsense'], /^invalid option "--with-nonsense"$/, /no such flag/],
    [['--with-cc=/no/cc'], /C compiler: .*\/no\/cc: not found/, /install a compiler/],
    [['--with-cc=false'], /C compiler false is not found/, /noexec|compiler/],
    [
      ['--with-cc-opt=-specs=/usr/lib/rpm/redhat/redhat-hardened-cc1'],
      /cannot read spec file/,
      /--drop -specs=\/usr\/lib\/rpm\/redhat\/redhat-hardened-cc1/,
    ],
    [['--with-cc-opt=-fno-such-option'], /unrecognized/, /--drop -fno-such-option/],
    [['--with-ld-opt=-lnosuchlibrary'], /cannot find -lnosuchlibrary/, /libnosuchlibrary/],
    [['--with-cc-opt=-nostdinc'], /sys\/types\.h/, /libc6-dev/],
    [['--add-module=../nothing'], /no \.\.\/nothing\/config was found/, /"config"/],
  ]
  for (const [args, message, help] of failures) {
    const failed = configure(folder, args, path)
    expect(failed.exitCode, args.join(' ')).not.toBe(0)
    expect(failed.message, args.join(' ')).toMatch(message)
    expect(failed.help, args.join(' ')).toMatch(help)
  }
})

withServers(needs, 'a cache that is mounted noexec', async ({ toolchain, headers }, context) => {
  const mount = join(tempDir(), 'noexec')
  mkdirSync(mount)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'noexec,size=16m', 'sessctl-test', mount], {
      stdio: 'ignore',
    })
  } catch {
    context.skip('mounting a file system needs privileges')
  }
  try {
    const folder = treeOf(headers.path, join(mount, 'nginx'))
    const failed = configure(folder, [], `${toolchain.bin}:/usr/bin:/bin`)
    expect(failed.message).toContain('the compiler made no program that can be executed')
    expect(failed.help).toContain('noexec')
  } finally {
    execFileSync('umount', [mount])
  }
})

/** Words without what the shell of configure expands or C does not read: globs, backslashes, double quotes. */
const word = fc.string({
  unit: fc.constantFrom(..."abzA09-_=./,:$'`(){}&;|<>#~"),
  minLength: 1,
  maxLength: 12,
})
const value = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .map((words) => words.join(' '))
  // These cannot be distinguished from the end of a value: configure escapes nothing.
  .filter((text) => !/' +--|^'\S*$/.test(text))
const names = [
  '--build',
  '--user',
  '--group',
  '--http-log-path',
  '--with-cc-opt',
  '--prefix',
] as const
const flag = fc.oneof(
  fc.constantFrom('--with-debug', '--with-compat', '--with-threads'),
  fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name}=${text}`),
)

withServers(needs, 'arguments are read as nginx -V prints them', async ({ toolchain, headers }) => {
  const folder = treeOf(headers.path, join(tempDir(), 'nginx'))
  const env = { PATH: `${toolchain.bin}:/usr/bin:/bin`, LC_ALL: 'C' }
  const program =
    '#include <stdio.h>\n#include "objs/ngx_auto_config.h"\nint main(void) { fputs(NGX_CONFIGURE, stdout); return 0; }\n'
  writeFileSync(join(folder, 'show.c'), program)
  fc.assert(
    fc.property(fc.array(flag, { minLength: 1, maxLength: 6 }), (flags) => {
      // configure writes what -V prints before it looks for a compiler.
      const args = [...flags, '--with-cc=false']
      spawnSync('sh', ['./configure', ...args], { cwd: folder, env })
      execFileSync('cc', ['-w', '-o', 'show', 'show.c'], { cwd: folder, env })
      const printed = execFileSync(join(folder, 'show'), { encoding: 'utf8' })
      expect(printedArguments(printed)).toEqual(args)
    }),
    { numRuns: 60 },
  )
})

withServers(
  { nginx: findServer('nginx', '1.22') },
  'a product made from nginx is told by the version in its binary',
  async ({ nginx }) => {
    const binary = join(nginx.command, '../../roots/bookworm-native/usr/sbin/nginx')
    const text = readFileSync(binary, 'latin1')
    const own = 'nginx version: nginx/1.22.1'
    const productIn = (version: string) => {
      expect(version).toHaveLength(own.length)
      return readNginx(Buffer.from(text.replaceAll(own, version), 'latin1'))?.product
    }
    expect(productIn(own)).toBeNull()
    expect(productIn('Angie version: Angie/1.22.1')).toBe('Angie 1.22.1')
    expect(productIn('nginx version: openresty/1.')).toBe('OpenResty 1.')
    expect(productIn('Tengine version: Tengine/3.')).toBe('Tengine 3.')
    expect(productIn('nginx version: freenginx/1.')).toBe('freenginx 1.')
  },
)
