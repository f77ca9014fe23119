import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { runCli } from '../support/run-cli.ts'
import { pairSpec } from './support/lab.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const isRoot = process.getuid?.() === 0
const nginx = findServer('nginx', '1.30')

describe.skipIf(!isRoot)('generate --validate as root', () => {
  withServers(
    { nginx },
    'runs programs as the user "nobody", which cannot change files on the host',
    async ({ nginx }) => {
      const cwd = tempDir()
      chmodSync(cwd, 0o755)
      const open = join(cwd, 'open')
      mkdirSync(open)
      const place = join(cwd, 'touched')
      const program = join(cwd, 'nginx')
      const seen = join(open, 'seen')
      // Wherever it looks: as root both files would be there.
      chmodSync(open, 0o777)
      writeFileSync(
        program,
        `#!/bin/sh\ncase $* in *-V*) ;; *) id -u >'${seen}'; { echo x >'${place}'; } 2>/dev/null ;; esac\nexec '${nginx.command}' "$@"\n`,
        { mode: 0o755 },
      )
      writeFileSync(
        join(cwd, 'sessctl.yaml'),
        pairSpec({ target: `nginx: { version: "${nginx.version}" }` }),
      )
      const env = { SESSCTL_NGINX: program, TMPDIR: '/tmp' }
      const { exitCode, stderr } = await runCli(['generate', '--validate'], { cwd, env })
      expect(exitCode, stderr).toBe(0)
      expect(stderr).toContain('accepted by nginx')
      expect(readFileSync(seen, 'utf8')).toBe('65534\n')
      expect(existsSync(place)).toBe(false)
    },
  )
})
