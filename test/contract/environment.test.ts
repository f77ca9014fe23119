import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { workspaceOnDisk } from '../../src/adapters/workspace.ts'
import { gitEnvironment, trustedEnvironment } from '../../src/build-nginx/adapters/environment.ts'
import { runningOnHost } from '../../src/build-nginx/adapters/running.ts'
import { IoError } from '../../src/errors.ts'
import { asRoot, sharedFolder, theirFolder } from '../support/second-user.ts'

const before = { ...process.env }
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})

describe('programs started by root', () => {
  asRoot('are looked for where no other user can put one', () => {
    const shared = sharedFolder()
    const theirs = theirFolder(shared, 'bin')
    const open = join(shared, 'open')
    mkdirSync(open)
    chmodSync(open, 0o1777)
    const PATH = `${theirs}:.:bin::${join(theirs, 'later')}:/usr/bin:/bin`
    expect(trustedEnvironment({ PATH, HOME: theirs })).toEqual({ path: '/usr/bin:/bin', home: '/' })
    expect(trustedEnvironment({ PATH: theirs, HOME: shared }).path).toMatch(/^\/usr\/local\/sbin:/)
    expect(trustedEnvironment({ PATH, HOME: shared }).home).toBe(shared)
  })

  asRoot('git finds no configuration of another user', () => {
    const theirs = theirFolder(sharedFolder(), 'home')
    const env = gitEnvironment({ HOME: theirs, XDG_CONFIG_HOME: theirs, GIT_CONFIG_COUNT: '0' })
    expect(env['HOME']).toBe('/')
    expect(env).not.toHaveProperty('XDG_CONFIG_HOME')
    expect(env['GIT_CONFIG_COUNT']).toBe('0')
  })
})

test('nginx is started with PATH as its only variable', async () => {
  const folder = sharedFolder()
  const script = join(folder, 'nginx')
  writeFileSync(script, `#!/bin/sh\nenv > ${folder}/env\n`, { mode: 0o755 })
  const hostile = [
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'NODE_OPTIONS',
    'NGINX',
    'OPENSSL_CONF',
    'TMPDIR',
  ]
  for (const name of hostile) process.env[name] = name === 'NODE_OPTIONS' ? '' : '/nonexistent'
  const said = await runningOnHost(new AbortController().signal).launch(script, [], folder)
  expect(said).toBeNull()
  const names = readFileSync(join(folder, 'env'), 'utf8').match(/^\w+(?==)/gm) ?? []
  expect(names.filter((name) => !['PATH', 'PWD', '_', 'SHLVL', 'OLDPWD'].includes(name))).toEqual(
    [],
  )
})

describe('temporary files', () => {
  const work = () => workspaceOnDisk.within(async ({ folder }) => existsSync(folder))

  test('are created in a world-writable folder only if it has the sticky bit', async () => {
    const folder = sharedFolder()
    process.env['TMPDIR'] = folder
    chmodSync(folder, 0o1777)
    expect(await work()).toBe(true)
    chmodSync(folder, 0o777)
    await expect(work()).rejects.toThrow(`${folder}: it is writable by everybody (mode 0777)`)
    await expect(work()).rejects.toThrow(IoError)
  })

  asRoot('are not made in a folder of another user', async () => {
    process.env['TMPDIR'] = theirFolder(sharedFolder(), 'tmp')
    await expect(work()).rejects.toThrow('it is owned by user 65534')
  })
})
