import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { moduleDir } from '../../scripts/nginx/digest.mjs'
import { buildEnvironment } from '../../scripts/nginx/trees.mjs'
import { run } from '../real/support/process.ts'
import { findToolchain, withServers } from '../real/support/servers.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { findSource, unpack } from './support/sources.ts'

const minutes = 60_000

describe('the config script of the module reports what is wrong', () => {
  const needs = { source: findSource('1.22'), toolchain: findToolchain() }
  const configure = async (dir: string, ...more: readonly string[]) => {
    const compiler = '--with-cc=remembering-cc gcc'
    const command = ['./configure', compiler, ...more] as const
    return run(command, dir, 5 * minutes, buildEnvironment())
  }

  for (const kind of ['--add-module', '--add-dynamic-module']) {
    withServers(needs, `${kind}: without HTTP, and with an old nginx`, async ({ source }) => {
      const dir = tempDir()
      await unpack(source, dir)
      const add = `${kind}=${moduleDir}`
      const withoutHttp = await configure(dir, '--without-http', add)
      expect(withoutHttp.exitCode).toBe(1)
      expect(withoutHttp.output).toMatch(
        /error: the jvm_route module needs the HTTP module of nginx, do not use --without-http\.\n$/,
      )

      const header = join(dir, 'src/core/nginx.h')
      const kept = `${header}.kept`
      cpSync(header, kept)
      const text = readFileSync(header, 'utf8')
      writeFileSync(header, text.replace(/(?<=^#define nginx_version +)\d+/m, '1008000'))
      const old = await configure(dir, add)
      expect(old.exitCode).toBe(1)
      expect(old.output).toMatch(/error: the jvm_route module needs nginx 1\.8\.1 or newer\.\n$/)

      cpSync(kept, header)
      expect(await configure(dir, add)).toMatchObject({ exitCode: 0 })
    })
  }
})
