import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gitOnHost } from '../../src/adapters/git/commit.ts'
import { tempDir } from '../real/support/temp-dir.ts'
import { gitEnvironment, newRepository } from '../support/git-repository.ts'

const signal = new AbortController().signal
const usual = { PATH: process.env['PATH'], ...gitEnvironment }
const at = (folder: string, env: NodeJS.ProcessEnv = usual) =>
  gitOnHost(signal, env).commit(folder, 'HEAD')

/** A repository whose attributes name a filter, and a file that appears when the filter has run. */
const withFilter = () => {
  const folder = tempDir()
  const ran = join(tempDir(), 'ran')
  const repository = newRepository(folder)
  repository.write({ '.gitattributes': '*.yaml filter=evil\n', 'sessctl.yaml': 'one\n' })
  repository.commit()
  repository.git('config', 'filter.evil.smudge', `touch '${ran}'; cat`)
  return { folder, repository, ran }
}

describe('programs that a repository names are not executed', () => {
  test('a filter of the repository itself', async () => {
    const { folder, ran } = withFilter()
    const commit = await at(folder)
    expect(await commit.read(join(folder, 'sessctl.yaml'))).toEqual(Buffer.from('one\n'))
    expect(existsSync(ran)).toBe(false)
  })

  test('a folder of a pull request that is itself a bare repository, with a configuration', async () => {
    const { folder, repository } = withFilter()
    const sub = join(folder, 'sub')
    const ran = join(tempDir(), 'ran')
    mkdirSync(sub)
    execFileSync('git', ['clone', '--quiet', '--bare', folder, '.'], { cwd: sub, env: usual })
    writeFileSync(
      join(sub, 'config'),
      `[core]\n bare = false\n worktree = .\n fsmonitor = "touch '${ran}'"\n sshCommand = "touch '${ran}'"\n[filter "evil"]\n smudge = "touch '${ran}'; cat"\n`,
    )
    cpSync(join(folder, '.gitattributes'), join(sub, '.gitattributes'))
    writeFileSync(join(sub, 'sessctl.yaml'), 'two\n')
    repository.commit()
    await expect(
      at(sub).then((commit) => commit.read(join(sub, 'sessctl.yaml'))),
    ).rejects.toMatchObject({
      code: 'tool',
      message: expect.stringContaining('safe.bareRepository'),
    })
    expect(existsSync(ran)).toBe(false)
  })

  test('the helper of a remote that has a missing object', async () => {
    const { folder, repository, ran } = withFilter()
    const blob = repository.git('rev-parse', 'HEAD:sessctl.yaml').trim()
    rmSync(join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)))
    for (const [name, value] of [
      ['remote.origin.url', `ext::sh -c "touch '${ran}'; sleep 60"`],
      ['remote.origin.promisor', 'true'],
      ['extensions.partialClone', 'origin'],
      ['protocol.ext.allow', 'always'],
      ['protocol.allow', 'always'],
    ] as const) {
      repository.git('config', name, value)
    }
    const commit = await at(folder)
    await expect(commit.read(join(folder, 'sessctl.yaml'))).rejects.toMatchObject({ code: 'tool' })
    expect(existsSync(ran)).toBe(false)
  })
})

test('git reads the GIT_CONFIG_* variables of the user', async () => {
  const folder = tempDir()
  const repository = newRepository(folder)
  repository.write({ a: 'a\n' })
  repository.commit()
  const env = {
    ...usual,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.autocrlf',
    GIT_CONFIG_VALUE_0: 'true',
  }
  const commit = await at(folder, env)
  expect(new TextDecoder().decode((await commit.read(join(folder, 'a'))) ?? undefined)).toBe(
    'a\r\n',
  )
})
