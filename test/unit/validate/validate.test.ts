import { describe, expect, test } from 'vitest'
import { validate } from '../../../src/commands/generate/validate.ts'
import type { Context } from '../../../src/context.ts'
import { insideOnly } from '../../../src/core/outside.ts'
import { inputFiles } from '../../../src/core/pipeline.ts'
import { ToolError } from '../../../src/errors.ts'
import type { ExecResult } from '../../../src/ports.ts'
import { renderCluster } from '../../support/compile.ts'
import { clusterOf } from './cluster-of.ts'

const spec = (targets: string, tomcat = '') => `
version: 1
name: shop
targets: { ${targets} }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: apps }] } }
upstreams:
  apps:
    servers: { a: "app1.example.com:8080", b: "app2.example.com:8080" }
    ${tomcat}
`
const subjectOf = (text: string) => {
  const cluster = clusterOf(text)
  expect(inputFiles(cluster, null)).toEqual([])
  const { artifacts } = renderCluster(cluster, null)
  return { cluster, files: insideOnly(new Map()), artifacts }
}

type Programs = Readonly<Record<string, (args: readonly string[]) => Partial<ExecResult>>>

/** A host with these programs and homes of Tomcat, and a stage in memory. */
const hostWith = (programs: Programs, env: Record<string, string> = {}, paths: string[] = []) => {
  const written = new Map<string, string>()
  const calls: string[] = []
  const answer = (file: string, args: readonly string[]): ExecResult | null => {
    const program = programs[file]
    if (program === undefined) return null
    calls.push([file, ...args].join(' '))
    return { exitCode: 0, stdout: '', stderr: '', ...program(args) }
  }
  const never = () => Promise.reject(new Error('not expected'))
  const context: Context = {
    cwd: '/',
    files: {
      read: never,
      namedBy: () => ({
        read: never,
        readWebapp: never,
        readConf: never,
        readConfig: never,
        check: never,
      }),
      checkSpecPlace: never,
      exists: async (path) => paths.includes(path),
      list: never,
      write: never,
      rewrite: never,
    },
    output: { look: never, change: never, notice: () => null },
    workspace: {
      runner: () => ({ account: null, isRoot: false, note: null }),
      within: (work) =>
        work({
          folder: '/stage',
          isRoot: false,
          write: async (path, content) => {
            written.set(path, String(content))
          },
          makeFolder: async () => undefined,
        }),
    },
    exec: {
      run: async (file, args) => answer(file, args),
      runUntil: async (file, args, isLast) => {
        const result = answer(file, args)
        if (result === null) return null
        const isReached = result.stdout.split('\n').some(isLast)
        return { isReached, isTimedOut: false, output: result.stdout }
      },
    },
    git: { commit: never },
    build: never,
    traffic: never,
    lab: never,
    env,
    readStdin: never,
    ask: null,
    packageFolder: '/package',
    commandLine: [],
    signal: new AbortController().signal,
    colour: { stdout: false, stderr: false },
    columns: null,
  }
  return { context, written, calls }
}

const nginx =
  (version: string, stderr = '', exitCode = 0) =>
  (args: readonly string[]) =>
    args[0] === '-V' ? { stderr: `nginx version: nginx/${version}` } : { stderr, exitCode }
const haproxy = () => ({ stdout: 'HAProxy version 2.6.12 2026/10/17' })
const both = 'nginx: { version: "1.26.3" }, haproxy: { version: "2.6" }'

describe('validate', () => {
  test('reports all missing programs at once, before any program is started', async () => {
    const { context, written } = hostWith({})
    const subject = subjectOf(spec(both, 'app: { runtime: tomcat, version: "9.0.122" }'))
    const error = await validate(subject, context).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ToolError)
    expect(error).toMatchObject({
      exitCode: 3,
      message: [
        'cannot check nginx/shop.conf: there is no nginx on this host',
        'cannot check haproxy/haproxy.cfg: there is no HAProxy on this host',
        'cannot check tomcat/a/conf/server.xml, tomcat/a/conf/context.xml and 2 more: there is no Java on this host to start a Tomcat',
      ].join('\n'),
      help: expect.stringContaining('install the package nginx, or name one with SESSCTL_NGINX; '),
    })
    expect(written.size).toBe(0)
  })

  test('searches sbin as well', async () => {
    const { context } = hostWith({ '/usr/sbin/nginx': nginx('1.26.3') })
    const [result] = await validate(subjectOf(spec('nginx: { version: "1.26.3" }')), context)
    expect(result).toMatchObject({ status: 'accepted', by: 'nginx 1.26.3', insteadOf: null })
  })

  test('uses the program that is named, and reports an error if it is another program', async () => {
    const named = { SESSCTL_NGINX: '/my/nginx' }
    const subject = subjectOf(spec('nginx: { version: "1.26.3" }'))
    const found = hostWith({ nginx: nginx('1.18.0'), '/my/nginx': nginx('1.22.1') }, named)
    expect(await validate(subject, found.context)).toMatchObject([
      { by: 'nginx 1.22.1', insteadOf: 'nginx 1.26.3' },
    ])
    const { context } = hostWith({ nginx: nginx('1.18.0') }, named)
    await expect(validate(subject, context)).rejects.toThrow(
      'SESSCTL_NGINX: /my/nginx is not nginx',
    )
  })

  test('reports what cannot be checked, and checks the rest', async () => {
    const { context } = hostWith({
      nginx: nginx('1.18.0', '[emerg] 1#1: unknown directive "x" in /stage/0/nginx/shop.conf:1', 1),
      haproxy,
    })
    expect(await validate(subjectOf(spec(both)), context)).toMatchObject([
      {
        path: 'nginx/shop.conf',
        status: 'not-checked',
        notes: ['nginx 1.18.0 is not nginx 1.26.3: unknown directive "x"'],
      },
      { path: 'haproxy/haproxy.cfg', status: 'accepted', by: 'HAProxy 2.6.12' },
    ])
  })

  test('fails if nothing can be checked', async () => {
    const { context } = hostWith({
      nginx: nginx('1.18.0', '[emerg] 1#1: unknown directive "x" in /stage/0/nginx/shop.conf:1', 1),
    })
    await expect(
      validate(subjectOf(spec('nginx: { version: "1.26.3" }')), context),
    ).rejects.toThrow('cannot check nginx/shop.conf: nginx 1.18.0 is not nginx 1.26.3')
  })

  test('gives each tool a folder of its own, and no host name', async () => {
    const { context, written, calls } = hostWith({ nginx: nginx('1.26.3'), haproxy })
    await validate(subjectOf(spec(both)), context)
    expect([...written.keys()].sort()).toEqual([
      '0/nginx.conf',
      '0/nginx/shop.conf',
      '1/haproxy/haproxy.cfg',
    ])
    expect([...written.values()].join('\n')).not.toContain('example.com')
    expect(calls).toContain('nginx -t -p /stage/0 -c /stage/0/nginx.conf -e stderr')
    expect(calls).toContain('haproxy -c -f /stage/1/haproxy/haproxy.cfg')
  })

  test('finds the Tomcat of the release line among several', async () => {
    const homes = ['/t9', '/t10', '/t101', '/usr/share/tomcat11']
    const versions: Record<string, string> = {
      '/t9': '9.0.118.0',
      '/t10': '10.0.27.0',
      '/t101': '10.1.60.0',
      '/usr/share/tomcat11': '11.0.22.0',
    }
    const java = (args: readonly string[]) => {
      if (args.includes('-version')) return { stderr: 'openjdk version "17.0.15"' }
      const home = homes.find((one) => args.some((arg) => arg.startsWith(`${one}/`)))
      return args.includes('start')
        ? {
            stdout: `x INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1] milliseconds\n`,
          }
        : { stdout: `Server number:  ${versions[home ?? '']}` }
    }
    const { context } = hostWith(
      { java },
      { SESSCTL_TOMCAT: '/t9:/t10:/nowhere', CATALINA_HOME: '/t101' },
      homes.map((home) => `${home}/lib/catalina.jar`),
    )
    for (const [asked, by] of [
      ['9.0.118', 'Tomcat 9.0.118'],
      ['10.1.60', 'Tomcat 10.1.60'],
      ['11.0.22', 'Tomcat 11.0.22'],
    ]) {
      const subject = subjectOf(
        spec('haproxy: { version: "2.6" }', `app: { runtime: tomcat, version: "${asked}" }`),
      )
      const artifacts = subject.artifacts.filter(({ dialect }) => dialect === 'tomcat')
      const results = await validate({ ...subject, artifacts }, context)
      expect(results.map((result) => result.by)).toEqual([by, by, by, by])
    }
    const subject = subjectOf(
      spec('haproxy: { version: "2.6" }', 'app: { runtime: tomcat, version: "8.5.100" }'),
    )
    const artifacts = subject.artifacts.filter(({ dialect }) => dialect === 'tomcat')
    await expect(validate({ ...subject, artifacts }, context)).rejects.toThrow(
      /there is no Tomcat 8 on this host \(but 9.0.118 in \/t9, /,
    )
  })

  test('does not show the messages of Tomcat about files that must not be shown', async () => {
    const said = '01-Jan-2026 00:00:00.000 SEVERE [main] a.B.c hunter2\n'
    const java = (args: readonly string[]) => {
      if (args.includes('-version')) return { stderr: 'openjdk version "17.0.15"' }
      return args.includes('start') ? { stdout: said } : { stdout: 'Server number:  9.0.118.0' }
    }
    const { context } = hostWith({ java }, { CATALINA_HOME: '/t9' }, ['/t9/lib/catalina.jar'])
    const app = 'app: { runtime: tomcat, version: "9.0.118" }'
    const subject = subjectOf(spec('haproxy: { version: "2.6" }', app))
    const artifacts = subject.artifacts.filter(({ dialect }) => dialect === 'tomcat')
    const saidOf = async (outside: readonly string[]) => {
      const files = { ...subject.files, outside: new Set(outside) }
      return JSON.stringify(await validate({ ...subject, files, artifacts }, context))
    }
    expect(await saidOf([])).toContain('hunter2')
    expect(await saidOf(['/host/server.xml'])).toContain('its message is not shown')
    expect(await saidOf(['/host/server.xml'])).not.toContain('hunter2')
  })

  test('refuses a path that is too long for sockets, with a remedy', async () => {
    const { context } = hostWith({ nginx: nginx('1.26.3') })
    const folder = `/${'x'.repeat(100)}`
    const deep: Context = {
      ...context,
      workspace: {
        runner: () => ({ account: null, isRoot: false, note: null }),
        within: (work) =>
          work({ folder, isRoot: false, write: async () => {}, makeFolder: async () => {} }),
      },
    }
    await expect(
      validate(subjectOf(spec('nginx: { version: "1.26.3" }')), deep),
    ).rejects.toMatchObject({
      exitCode: 3,
      help: expect.stringContaining('TMPDIR'),
    })
  })
})
