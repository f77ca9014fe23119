import { availableParallelism } from 'node:os'
import { clockOnHost } from '../../adapters/clock.ts'
import { screenOnHost } from '../../adapters/screen.ts'
import type { BuildWorld } from '../ports/build.ts'
import { archivesOnDisk } from './archives.ts'
import { diskOnHost } from './disk.ts'
import { durableOnHost } from './durable.ts'
import { gitEnvironment, trustedEnvironment } from './environment.ts'
import { loopbackOnHost } from './loopback.ts'
import { proberOnHost } from './prober.ts'
import { processesOnHost } from './processes.ts'
import { proxyEnvironment } from './proxies.ts'
import { repositoriesOnHost } from './repositories.ts'
import { runningOnHost } from './running.ts'
import { signaturesByLibrary } from './signatures.ts'
import { webOverHttps } from './web.ts'

/** This host, for commands that build. */
export const buildWorld = (
  packageFolder: string,
  signal: AbortSignal,
  env: Readonly<Record<string, string | undefined>>,
): BuildWorld => ({
  disk: diskOnHost(signal),
  archives: archivesOnDisk,
  web: webOverHttps(signal, env),
  repositories: repositoriesOnHost(signal, gitEnvironment(env)),
  signatures: signaturesByLibrary,
  processes: processesOnHost(signal),
  loopback: loopbackOnHost,
  clock: clockOnHost(signal),
  screen: screenOnHost(),
  durable: durableOnHost(signal),
  running: runningOnHost(signal),
  prober: proberOnHost,
  packageFolder,
  ...trustedEnvironment(env),
  proxies: proxyEnvironment(env),
  processors: availableParallelism(),
  userId: process.getuid?.() ?? -1,
  processId: process.pid,
})
