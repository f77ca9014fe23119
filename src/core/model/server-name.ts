import { isLoopbackHost } from './ip.ts'

/** What nginx.conf and others write for "every host", and no browser ever asks for. */
const catchAlls: ReadonlySet<string> = new Set([
  '_',
  '__',
  '-',
  '--',
  '!',
  '!@#',
  '*',
  '*.*',
  '.*',
  '.',
  'default',
  'default_server',
  '_default_',
  '_default',
  'catchall',
  'catch_all',
  'catch-all',
  'any',
  'all',
])

/** Whether a name stands for every host in some server's configuration, and matches none as a name. */
export const isCatchAll = (name: string): boolean => catchAlls.has(name.toLowerCase())

/** Whether only clients on the same host use this name. */
export const isLocalName = (name: string): boolean =>
  isLoopbackHost(name) || /^(?:0\.0\.0\.0|\[?::\]?)$/.test(name)
