import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const spec = `version: 1
name: shop
targets: { nginx: { version: "1.26.3" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams: { shop: { servers: { a: "10.0.0.1:80", b: "10.0.0.2:80" } } }
`

/** What it says of a command line, in a folder with a spec. */
const lab = (...args: readonly string[]) =>
  inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'shop.yaml'), spec)
    mkdirSync(join(cwd, 'empty'))
    return runHere(['lab', ...args], { cwd, env: { PATH: join(cwd, 'empty') } })
  })

describe('an option or a spec that cannot be used is reported, with a remedy', () => {
  test.each([
    [2, 'there is no scenario "kil"', 'did you mean "kill"?', ['shop.yaml', '--scenario', 'kil']],
    [2, '"0" is not a value of --clients', 'a whole number', ['shop.yaml', '--clients', '0']],
    [
      2,
      'the spec has no target haproxy',
      'add it to `targets`',
      ['shop.yaml', '--target', 'haproxy'],
    ],
    [
      2,
      'shop.yaml has no upstream "shpo"',
      'known here: shop',
      ['shop.yaml', '--upstream', 'shpo'],
    ],
    [2, '--keep works with one spec only', 'one spec', ['shop.yaml', 'shop.yaml', '--keep']],
    [3, 'cannot read nope.yaml', '- is standard input', ['nope.yaml']],
    [3, '--nginx: /nope/nginx is not nginx', 'omit it', ['shop.yaml', '--nginx', '/nope/nginx']],
  ])('exit %i: %s', async (exitCode, message, help, args) => {
    const told = await lab(...args)
    expect(told).toMatchObject({ exitCode, stdout: '' })
    expect(told.stderr).toContain(`error: ${message}`)
    expect(told.stderr).toMatch(/ {2}= help: /)
    expect(told.stderr).toContain(help)
    const document = await lab(...args, '--format', 'json')
    expect(document).toMatchObject({ exitCode })
    expect(JSON.parse(document.stdout)).toMatchObject({ exitCode })
  })
})

test('a program without permission to execute it', async () => {
  await inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'shop.yaml'), spec)
    writeFileSync(join(cwd, 'nginx'), '', { mode: 0o600 })
    const told = await runHere(['lab', 'shop.yaml', '--nginx', './nginx'], { cwd })
    expect(told.exitCode).toBe(3)
    expect(told.stderr).toContain(`${join(cwd, 'nginx')} could not be run: permission denied\n`)
    expect(told.stderr).toContain('= help: make the file executable')
  })
})
