import type { Server } from '../../model/cluster.ts'
import type { Artifact } from '../../render/artifact.ts'
import type { Tool } from '../../validate/check.ts'
import type { LabProcess, ProcessFolder } from '../program.ts'
import type { Jars, TextFile } from '../tools.ts'
import { javaOptions } from './java.ts'

interface Application {
  /** Of the upstream whose servers all run it. */
  readonly upstream: string
  /** A Spring Boot, and the Java that compiles for it and runs it. */
  readonly tool: Tool
  readonly jars: Jars
}

export interface SpringParts extends Application {
  readonly server: Server
  readonly port: number
  readonly host: string
  /** Absolute: of the lab. */
  readonly folder: string
  /** Of its upstream. */
  readonly artifacts: readonly Artifact[]
  /** The session store; the tables of a database do not exist yet. */
  readonly store: 'redis' | 'jdbc'
  readonly env: Readonly<Record<string, string>>
}

const folderOf = (upstream: string): string => `applications/${upstream}`

/** A list of files: the compiler module does not expand an asterisk. */
const classPath = ({ jars }: Application, from: string): string =>
  [
    'classes',
    ...Object.keys(jars)
      .sort()
      .map((name) => `lib/${name}`),
  ]
    .map((path) => `${from}${path}`)
    .join(':')

const isSource = ({ path }: TextFile): boolean => path.endsWith('.java')

/** Spring Boot 2 is older than Jakarta EE. */
const sourceFor = ({ version }: Tool, { path, content }: TextFile): TextFile =>
  version.startsWith('2.')
    ? { path, content: content.replaceAll('jakarta.servlet', 'javax.servlet') }
    : { path, content }

/** The application of the lab, compiled once for all servers of its upstream. */
export const springLayout = (
  application: Application,
  files: readonly TextFile[],
): ProcessFolder => {
  const { upstream, tool, jars } = application
  const sources = files.filter(isSource)
  const others = files.filter((file) => !isSource(file))
  const compiler = ['--module', 'jdk.compiler/com.sun.tools.javac.Main', '-proc:none']
  const options = ['-encoding', 'UTF-8', '-d', 'classes', '-classpath', classPath(application, '')]
  const args = [...javaOptions, ...compiler, ...options, ...sources.map(({ path }) => path)]
  return {
    name: folderOf(upstream),
    files: [
      ...sources.map((source) => sourceFor(tool, source)),
      ...others.map(({ path, content }) => ({ path: `classes/${path}`, content })),
    ],
    folders: ['classes', 'lib'],
    links: Object.fromEntries(Object.entries(jars).map(([name, path]) => [`lib/${name}`, path])),
    preparations: [{ program: tool.program, args, env: {}, input: null }],
  }
}

/** Without warnings about a slow machine or a missing name server. */
const complaint = /\b(?:WARN|ERROR) \d+ --- (?!.*(?:\btook\b|Dns))/

/** A Spring Boot application with the generated properties in its config folder. */
export const springProcess = (parts: SpringParts): LabProcess => {
  const { server, port, host, folder, tool, artifacts, store, env } = parts
  const base = `${folder}/${server.name}`
  return {
    name: server.name,
    role: 'server',
    title: `Spring Boot ${tool.version}`,
    isStandIn: false,
    files: artifacts.map(({ path, bytes }) => ({
      path: `config/${path.split('/').at(-1)}`,
      content: bytes,
    })),
    folders: ['temp'],
    links: {},
    preparations: [],
    command: {
      program: tool.program,
      args: [
        ...javaOptions,
        `-Djava.io.tmpdir=${base}/temp`,
        `-Dsessctl.server=${server.name}`,
        `-Dsessctl.store=${store}`,
        '-classpath',
        classPath(parts, `../${folderOf(parts.upstream)}/`),
        'lab.Lab',
        `--server.address=${host}`,
        `--server.port=${port}`,
        ...(store === 'jdbc' ? ['--spring.session.jdbc.initialize-schema=always'] : []),
      ],
      env,
    },
    ready: { ports: [port], line: null, path: '/' },
    setup: [],
    stop: 'SIGTERM',
    warningPattern: complaint,
    log: null,
  }
}
