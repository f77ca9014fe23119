import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readNginx, readSharedObject } from '../../src/build-nginx/core/abi/read.ts'
import { runCli } from '../support/run-cli.ts'
import { findServer, type Server, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const rootNames = { '1.18': 'bullseye', '1.22': 'bookworm', '1.26': 'trixie', '1.30': 'sid' }
type Release = keyof typeof rootNames

/** The launcher is a script; the binary and its modules are in its root. */
const rootOf = ({ command }: Server, release: Release): string =>
  join(dirname(dirname(command)), 'roots', `${rootNames[release]}-native`)
const binaryOf = (server: Server, release: Release): string =>
  join(rootOf(server, release), 'usr/sbin/nginx')
const modulesOf = (server: Server, release: Release): string[] => {
  const folder = join(rootOf(server, release), 'usr/lib/nginx/modules')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.endsWith('.so')).map((name) => join(folder, name))
}

describe.each(Object.keys(rootNames) as Release[])('nginx %s of Debian', (release) => {
  withServers(
    { nginx: findServer('nginx', release) },
    'reads the signature of nginx and of its modules',
    async ({ nginx }) => {
      const binary = binaryOf(nginx, release)
      const facts = readNginx(readFileSync(binary))
      const result = await runCli(['abi', binary, ...modulesOf(nginx, release)], { cwd: tempDir() })
      expect(result.exitCode).toBe(0)
      expect(result.stdout).toContain(`nginx ${nginx.version}, ${facts?.signature}`)
      expect(facts?.configureArguments).toContain('--with-compat')
      expect(facts?.signature).toMatch(/^8,4,8,[01]{33}1$/)
    },
  )
})

const needs = { old: findServer('nginx', '1.18'), newer: findServer('nginx', '1.22') }

withServers(needs, 'reports a module of another release', async ({ old, newer }) => {
  const [module = ''] = modulesOf(old, '1.18')
  const args = ['abi', binaryOf(newer, '1.22'), module, '--format', 'json']
  const result = await runCli(args, { cwd: tempDir() })
  expect(result.exitCode).toBe(1)
  const [only] = JSON.parse(result.stdout).modules
  expect(only).toMatchObject({ fits: false, misfits: [{ reason: 'version' }] })
})

withServers(needs, 'names the flag of a changed digit', async ({ old }) => {
  const folder = tempDir()
  const [module = ''] = modulesOf(old, '1.18')
  const text = readFileSync(module, 'latin1')
  const pcre = text.replace(/(\d,\d,\d,[01]{22})1/, (_, before: string) => `${before}0`)
  writeFileSync(join(folder, 'other.so'), pcre, 'latin1')
  const result = await runCli(['abi', binaryOf(old, '1.18'), 'other.so'], { cwd: folder })
  expect(result.exitCode).toBe(1)
  expect(result.stdout).toContain('PCRE: nginx on, module off; --with-pcre')
})

withServers(needs, 'refuses truncated files', async ({ old }) => {
  const [module = ''] = modulesOf(old, '1.18')
  const bytes = readFileSync(module)
  for (let size = 0; size < bytes.length; size += 997) {
    const found = readSharedObject(bytes.subarray(0, size))
    // Sections are at the end of the file: without them nothing can be read.
    if (size < bytes.length - 4096) expect(found).toBeNull()
  }
})

test('refuses files that are neither nginx nor a module', async () => {
  const folder = tempDir()
  writeFileSync(join(folder, 'nginx'), '#!/bin/sh\n')
  const result = await runCli(['abi', 'nginx'], { cwd: folder })
  expect(result.exitCode).toBe(2)
  expect(result.stderr).toContain('nginx is not an nginx binary')
  expect((await runCli(['abi', 'absent'], { cwd: folder })).exitCode).toBe(3)
  expect((await runCli(['abi'], { cwd: folder })).exitCode).toBe(2)
})
