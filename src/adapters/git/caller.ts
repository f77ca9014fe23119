import type { SimpleGit } from 'simple-git'

type Environment = Readonly<Record<string, string | undefined>>

interface CallOptions {
  readonly signal: AbortSignal
  readonly env: Environment
  /** Protocols that git may speak; empty: none, not even to fetch an object that is missing. */
  readonly protocols: readonly ('https' | 'ssh' | 'file')[]
  /** Of a bare repository; null: the repository around the folder. */
  readonly gitDir?: string | null
}

/** A local read that takes longer hangs: git waits for a lock, a terminal or a file system. */
const readMilliseconds = 30_000

/** What git needs to reach a server, and the user's own configuration of git. */
const isInherited = (name: string): boolean =>
  /^(PATH|HOME|TMPDIR|LANG|XDG_CONFIG_HOME|SSH_AUTH_SOCK|(https?|no)_proxy)$/i.test(name) ||
  /^GIT_(CONFIG_(COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)|CEILING_DIRECTORIES)$/.test(name)

const inherited = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && isInherited(name) ? [[name, value]] : [],
    ),
  )

/**
 * On the command line, where no repository can change it: a bare repository inside a work tree is
 * not used (it could bring a configuration that names programs), and no hook or monitor runs.
 */
const config = [
  'safe.bareRepository=explicit',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'advice.detachedHead=false',
]

/** The one way to git. */
export const gitIn = async (
  folder: string,
  { signal, env, protocols, gitDir = null }: CallOptions,
): Promise<SimpleGit> => {
  // Most runs ask git nothing: they do not load the library either.
  const { simpleGit } = await import('simple-git')
  const isReading = protocols.length === 0
  const own = {
    // Unlike protocol.allow, it overrides what a repository's configuration allows one by one.
    GIT_ALLOW_PROTOCOL: isReading ? 'none' : protocols.join(':'),
    GIT_TERMINAL_PROMPT: '0',
    ...(gitDir === null ? {} : { GIT_DIR: gitDir }),
    // A commit is what its id says, not what refs/replace has put in its place.
    ...(isReading
      ? { GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', GIT_NO_REPLACE_OBJECTS: '1' }
      : {}),
  }
  const whole = { ...inherited(env), ...own }
  return simpleGit({
    baseDir: folder,
    abort: signal,
    config: isReading ? config.filter((one) => !one.startsWith('core.autocrlf')) : config,
    allowEnvironment: Object.keys(whole).filter((name) => name.startsWith('GIT_')),
    unsafe: {
      // The user's own environment.
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      // Ours.
      allowUnsafeHooksPath: true,
      allowUnsafeFsMonitor: true,
    },
    ...(isReading ? { timeout: { block: readMilliseconds } } : {}),
  }).env(whole)
}
