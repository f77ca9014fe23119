import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { asRoot, secondUser, sharedFolder, theirFolder } from '../support/second-user.ts'

const spec = readFileSync(new URL('../../fixtures/specs/jvm-route.yaml', import.meta.url), 'utf8')

asRoot('generate says with whose rights it writes into a folder of another user', async () => {
  const cwd = theirFolder(sharedFolder(), 'app')
  writeFileSync(join(cwd, 'sessctl.yaml'), spec)
  const first = await runCli(['generate'], { cwd })
  const said = `note: ${cwd} is owned by user ${secondUser}: ${cwd}/generated is read and written with the rights of this user\n`
  expect(first.exitCode, first.stderr).toBe(0)
  expect(first.stderr).toContain(said)
  expect(statSync(join(cwd, 'generated/manifest.json')).uid).toBe(secondUser)
  const json = await runCli(['generate', '--format', 'json'], { cwd })
  expect(JSON.parse(json.stdout)).toHaveProperty('exitCode', 0)
  expect(json.stderr).toBe('')
  const quiet = await runCli(['generate', '--quiet'], { cwd })
  expect(quiet.stderr).not.toContain('note: ')
  expect((await runCli(['diff'], { cwd })).exitCode).toBe(0)
})
