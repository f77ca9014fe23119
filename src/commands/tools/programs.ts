import { resolve } from 'node:path'
import type { Context } from '../../context.ts'
import type { NginxFlavor } from '../../core/model/target.ts'
import { ToolError } from '../../errors.ts'

/** A program that sessctl asks, where it is not told which one. */
export interface Program {
  /** As people call it. */
  readonly product: string
  /** Environment variable that names one. */
  readonly variable: string
  /** Looked for in this order. */
  readonly names: readonly string[]
  /** What it is asked for its version. */
  readonly versionArgs: readonly string[]
  readonly version: RegExp
  /** What brings it. */
  readonly remedy: string
}

/** Debian keeps each release apart, and off PATH. */
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

/** Where a descendant of nginx is called by its own name, that is tried first. */
const ownNames: Readonly<Partial<Record<NginxFlavor, string>>> = {
  angie: 'angie',
  openresty: 'openresty',
}

export const nginxProgram = (flavor: NginxFlavor): Program => {
  const own = ownNames[flavor]
  return own === undefined ? programs.nginx : { ...programs.nginx, names: [own, 'nginx'] }
}

/** Beside PATH, which often lacks what only root is expected to call. */
const folders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']

/** Programs are asked in a plain environment, so that nothing in ours changes what they say or do. */
export const plainEnv = ({ env }: Context, temporary?: string): Record<string, string> => ({
  PATH: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  ...(env['HOME'] === undefined ? {} : { HOME: env['HOME'] }),
  ...(temporary === undefined ? {} : { TMPDIR: temporary }),
})

export interface FoundProgram {
  readonly program: string
  readonly version: string
  /** All it said. */
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
 * Finds a program on this host and asks for its version; null when there is none.
 * @throws ToolError when a variable names one that is not there, or does not answer.
 */
export const findProgram = async (
  program: Program,
  context: Context,
): Promise<FoundProgram | null> => {
  const named = context.env[program.variable]
  if (named !== undefined && named !== '') {
    // It may be started in another folder than it is asked in; a name alone is looked for on PATH.
    const file = named.includes('/') ? resolve(context.cwd, named) : named
    const found = await tryProgram(file, program, context)
    if (found !== null) return found
    throw new ToolError(`${program.variable} names ${named}, which is no ${program.product}`, {
      help: `correct ${program.variable}, or leave it out to look for ${program.names.join(', ')}`,
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
