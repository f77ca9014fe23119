import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import { type NginxFlavor, nginxExecutable } from '../../core/model/target.ts'
import { ToolError } from '../../errors.ts'

/** A program that sessctl runs, and how it is found. */
export interface Program {
  /** Its name in messages. */
  readonly product: string
  /** The environment variable with its path. */
  readonly variable: string
  /** The names of its executable, in the order of the search. */
  readonly names: readonly string[]
  readonly versionArgs: readonly string[]
  readonly version: RegExp
  /** How to install it. */
  readonly remedy: string
}

/** Debian has a folder for each release, which is not on PATH. */
const postgresFolders = [18, 17, 16, 15, 14, 13].map(
  (release) => `/usr/lib/postgresql/${release}/bin`,
)

export const programs = {
  nginx: {
    product: 'nginx',
    variable: 'SESSCTL_NGINX',
    names: ['nginx'],
    versionArgs: ['-V'],
    version: /(?:nginx|Angie|Tengine|openresty)\/(\d+\.\d+\.\d+)/,
    remedy: 'install the package nginx',
  },
  haproxy: {
    product: 'HAProxy',
    variable: 'SESSCTL_HAPROXY',
    names: ['haproxy'],
    versionArgs: ['-v'],
    version: /version (\d+\.\d+(?:\.\d+)?)/,
    remedy: 'install the package haproxy',
  },
  httpd: {
    product: 'httpd',
    variable: 'SESSCTL_HTTPD',
    names: ['apache2', 'httpd'],
    versionArgs: ['-v'],
    version: /Apache\/(\d+\.\d+\.\d+)/,
    remedy: 'install the package apache2 (Debian, Ubuntu) or httpd (Fedora, RHEL)',
  },
  java: {
    product: 'Java',
    variable: 'SESSCTL_JAVA',
    names: ['java'],
    versionArgs: ['-XX:-UsePerfData', '-version'],
    version: /version "(\d+[^"]*)"/,
    remedy: 'install the package default-jre-headless (Debian, Ubuntu) or java-21-openjdk-headless',
  },
  javac: {
    product: 'Java compiler',
    variable: 'SESSCTL_JAVA',
    names: ['java'],
    versionArgs: [
      '-XX:-UsePerfData',
      '--module',
      'jdk.compiler/com.sun.tools.javac.Main',
      '-version',
    ],
    version: /javac (\d\S*)/,
    remedy: 'install the package default-jdk-headless (Debian, Ubuntu) or java-21-openjdk-devel',
  },
  redis: {
    product: 'Redis',
    variable: 'SESSCTL_REDIS',
    names: ['redis-server', 'valkey-server'],
    versionArgs: ['--version'],
    version: /v=(\d+\.\d+\.\d+)/,
    remedy: 'install the package redis-server',
  },
  memcached: {
    product: 'memcached',
    variable: 'SESSCTL_MEMCACHED',
    names: ['memcached'],
    versionArgs: ['-V'],
    version: /memcached (\d+\.\d+\.\d+)/,
    remedy: 'install the package memcached',
  },
  postgres: {
    product: 'PostgreSQL',
    variable: 'SESSCTL_POSTGRES',
    names: ['postgres', ...postgresFolders.map((folder) => `${folder}/postgres`)],
    versionArgs: ['--version'],
    version: /PostgreSQL\) (\d+\.\d+)/,
    remedy: 'install the package postgresql',
  },
  initdb: {
    product: 'initdb of PostgreSQL',
    variable: 'SESSCTL_INITDB',
    names: ['initdb', ...postgresFolders.map((folder) => `${folder}/initdb`)],
    versionArgs: ['--version'],
    version: /PostgreSQL\) (\d+\.\d+)/,
    remedy: 'install the package postgresql',
  },
  php: {
    product: 'PHP',
    variable: 'SESSCTL_PHP',
    names: ['php'],
    versionArgs: ['-v'],
    version: /PHP (\d+\.\d+\.\d+)/,
    remedy: 'install the package php-cli',
  },
  django: {
    product: 'Python with Django',
    variable: 'SESSCTL_PYTHON',
    names: ['python3'],
    versionArgs: ['-c', 'import django; print("Django", django.get_version())'],
    version: /Django (\d+\.\d+(?:\.\d+)?)/,
    remedy: 'install the package python3-django',
  },
} as const satisfies Readonly<Record<string, Program>>

/** The executable of a fork, if it has a name of its own, is tried first. */
export const nginxProgram = (flavor: NginxFlavor): Program => ({
  ...programs.nginx,
  names: [...new Set([nginxExecutable(flavor), 'nginx'])],
})

/** Searched after PATH, which often lacks the sbin folders. */
const folders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']

/** A minimal environment, so that the user's variables do not change the output. */
export const plainEnv = ({ env }: Context, temporary?: string): Record<string, string> => ({
  PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  ...(env['HOME'] === undefined ? {} : { HOME: env['HOME'] }),
  ...(temporary === undefined ? {} : { TMPDIR: temporary }),
})

export interface FoundProgram {
  readonly program: string
  readonly version: string
  /** Its whole output. */
  readonly answer: string
}

const tryProgram = async (
  file: string,
  { versionArgs: question, version }: Program,
  context: Context,
): Promise<FoundProgram | null> => {
  const options = { env: plainEnv(context), isIsolated: true }
  const result = await context.exec.run(file, question, options)
  const answer = result === null ? '' : `${result.stdout}\n${result.stderr}`
  const found = version.exec(answer)?.[1]
  return found === undefined ? null : { program: file, version: found, answer }
}

/**
 * Finds an installed program and its version; null if it is not installed.
 * @throws ToolError if an environment variable names something else.
 */
export const findProgram = async (
  program: Program,
  context: Context,
): Promise<FoundProgram | null> => {
  const named = context.env[program.variable]
  if (named !== undefined && named !== '') {
    // A path must not depend on the current folder; a name is looked up on PATH.
    const file = named.includes('/') ? resolve(context.cwd, named) : named
    const found = await tryProgram(file, program, context)
    if (found !== null) return found
    throw new ToolError(`${program.variable}: ${named} is not ${program.product}`, {
      help: `correct ${program.variable}, or omit it to search for ${program.names.join(', ')}`,
    })
  }
  for (const name of program.names) {
    for (const file of [name, ...folders.map((folder) => `${folder}/${name}`)]) {
      const found = await tryProgram(file, program, context)
      if (found !== null) return found
    }
  }
  return null
}
