import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const shop = readFileSync(new URL('../../fixtures/docs/shop.yaml', import.meta.url), 'utf8')
const lean = ['--', '--without-http_rewrite_module', '--without-http_gzip_module']

/** Each command once, each way to fail once. */
const lines: readonly (readonly string[])[] = [
  [],
  ['--version'],
  ['generat'],
  ['help', 'generate'],
  ['completion', 'fish'],
  ['generate', '-n', '-v'],
  ['generate', '--stdout'],
  ['generate', '--check', '--format', 'json'],
  ['generate', '-n', '--file', '-'],
  ['generate', '-f', 'a\u001b[31m##[error]'],
  ['validate', '-t', 'nginx', '--format', 'json'],
  ['lint', 'broken.yaml'],
  ['diff', '--detailed-exitcode', '--unknown'],
  ['diff', '--format', 'json'],
  ['simulate', '--event', 'dies=tomcat01'],
  ['init', '-o', '-'],
  ['import', 'none'],
  ['lab', '-n', '--format', 'json', '--upstream', 'tomcats'],
  ['verify', 'http://127.0.0.1:1/', '-n', '--format', 'json'],
  ['build-nginx', '1.26.3', '-n', '--format', 'json', ...lean],
  ['abi', 'nginx'],
  ['explain', 'allow-everyone'],
  ['schema'],
]

/** The other tests of the command line use a process where something depends on it. */
test.each(lines.map((args) => [args]))(
  'a process prints the answer, and nothing else: %j',
  (args) =>
    inTemporaryFolder(async (cwd) => {
      writeFileSync(join(cwd, 'sessctl.yaml'), shop)
      writeFileSync(join(cwd, 'broken.yaml'), shop.replace('affinity', 'afinity'))
      writeFileSync(join(cwd, 'nginx'), "#!/bin/sh\necho 'nginx version: nginx/1.26.3' >&2\n", {
        mode: 0o755,
      })
      const options = { cwd, input: shop, env: { SESSCTL_NGINX: join(cwd, 'nginx') } }
      const answer = await runHere(args, options)
      expect(answer.stdout + answer.stderr).not.toBe('')
      expect(await runCli(args, options)).toEqual(answer)
    }),
)
