import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BuildWorld, Screen } from '../../ports/build.ts'
import { archivesOnDisk } from './archives.ts'
import { diskOnHost } from './disk.ts'
import { loopbackOnHost } from './loopback.ts'
import { processesOnHost } from './processes.ts'
import { repositoriesOnHost } from './repositories.ts'
import { signaturesByLibrary } from './signatures.ts'
import { webOverHttps } from './web.ts'

const screen = (): Screen => ({
  isTerminal: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
  columns: process.stderr.columns ?? 80,
  write: (text) => void process.stderr.write(text),
})

/** This host, for commands that build. */
export const buildWorld = (packageFolder: string, signal: AbortSignal): BuildWorld => ({
  disk: diskOnHost(signal),
  archives: archivesOnDisk,
  web: webOverHttps(signal),
  repositories: repositoriesOnHost(signal, process.env),
  signatures: signaturesByLibrary,
  processes: processesOnHost(signal),
  loopback: loopbackOnHost,
  clock: {
    now: () => Date.now(),
    ticks: () => performance.now(),
    wait: async (milliseconds) => {
      await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
      signal.throwIfAborted()
    },
  },
  screen: screen(),
  packageFolder,
  processors: availableParallelism(),
  userId: process.getuid?.() ?? -1,
  processId: process.pid,
})
