import { describe, expect, test } from 'vitest'
import { allCodes } from '../../src/core/catalogue.ts'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'

const explain = (...args: readonly string[]) =>
  inTemporaryFolder((cwd) => runCli(['explain', ...args], { cwd }))

describe('sessctl explain', () => {
  test('prints the entry of a code, and no other entry', async () => {
    const { exitCode, stdout } = await explain('hash-by-session-cookie')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^hash-by-session-cookie\n\n\*\*error\*\* · /)
    expect(stdout).toContain('error[hash-by-session-cookie]')
    expect(stdout).toContain('Instead:')
    expect(stdout).not.toContain('###')
  })

  test('prints the last entry of a page', async () => {
    expect((await explain('nginx-hash-size')).stdout).toMatch(/^nginx-hash-size\n\n\*\*/)
  })

  test('lists all codes', async () => {
    const { stdout } = await explain('--format', 'json')
    const { codes } = JSON.parse(stdout) as { readonly codes: readonly { readonly code: string }[] }
    expect(codes.map(({ code }) => code)).toEqual(allCodes)
    const text = (await explain()).stdout
    for (const code of allCodes) expect(text).toContain(`  ${code} (`)
  })

  test('suggests a code', async () => {
    const { exitCode, stderr } = await explain('nginx-vai')
    expect([exitCode, stderr]).toEqual([
      2,
      'error: "nginx-vai" is not the code of a diagnostic\n  = help: did you mean "nginx-via"?\n',
    ])
  })
})
