#!/usr/bin/env node
import { statSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Node's compile cache (Node 22.1 and later) shortens start-up. Its default folder is in the shared
// temporary folder, where another user could place code, so the user's own cache folder is used.
// Not for root, whose HOME may be another user's (sudo), nor where others could write.
const isOurs = (folder, mayBeMissing) => {
  try {
    const status = statSync(folder, { throwIfNoEntry: false })
    if (status === undefined) return mayBeMissing
    return status.uid === process.getuid?.() && (status.mode & 0o022) === 0
  } catch {
    return false
  }
}
if (process.getuid?.() !== 0) {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  const below = [join(cache, 'sessctl'), join(cache, 'sessctl', 'node')]
  const isPrivate = isOurs(cache, false) && below.every((folder) => isOurs(folder, true))
  if (process.platform === 'win32' || isPrivate)
    module.enableCompileCache?.(join(cache, 'sessctl', 'node'))
}

const { main } = await import('../dist/cli.js')
await main(process.argv.slice(2), fileURLToPath(new URL('..', import.meta.url)))
