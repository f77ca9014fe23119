import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inTemporaryFolder, runCli } from '../support/run-cli.ts'
import { runHere } from '../support/run-here.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
const shop = readFileSync(join(fixtures, 'docs', 'shop.yaml'), 'utf8')

/** A title, a cleared screen, an overwritten line, C1 controls, text turned around, a colour that hides. */
const evil =
  'x\u001b]0;owned\u0007\u001b[2J\rgone\b\b\u007f\u009b2J\u0085\u202eabc\u2066\u001b[8my##[error]z'
/** What of it a name in a folder or a word of a URL may be. */
const evilName = evil.replaceAll('/', '')
const annotation = '\n::error file=a,line=1::forged\n'

const ownStyles = new RegExp(`${'\u001b'}\\[(?:1|2|22|31|32|33|36|39)m`, 'g')

/** All that may come out: text, line ends, tabs, and what our own styles write. */
const expectSafe = (output: string, hasColour: boolean): void => {
  const rest = hasColour ? output.replace(ownStyles, '') : output
  expect(rest).not.toMatch(/[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(rest).not.toMatch(/^\s*::[A-Za-z][^\n]*::|##\[/m)
}

interface Attack {
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly spec?: string
  /** Makes what the attack needs. */
  readonly prepare?: (cwd: string) => void
  /** Shows that the foreign text came out at all. */
  readonly shows?: RegExp
  /** Prints during its work, or reads the environment of its process. */
  readonly isProcess?: true
}

const program = (cwd: string, name: string, script: string): void => {
  mkdirSync(join(cwd, 'bin'), { recursive: true })
  writeFileSync(join(cwd, 'bin', name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(cwd, 'bin', name), 0o755)
}

/** What a program says on both outputs before it fails. */
const says = `printf '%b' 'nginx: \\033]0;owned\\007\\033[2J\\rgone\\b\\302\\233 ##[error]z\\n::error file=a::b\\n' | tee /dev/stderr; exit 1`

const withName = shop.replace('name: shop', `name: ${JSON.stringify(evil + annotation)}`)
const withServer = shop.replace('tomcat01:', `${JSON.stringify(evil)}:`)
const withUpstream = shop.replace('upstream: tomcats', `upstream: ${JSON.stringify(evil)}`)
const withKey = `${shop}${JSON.stringify(evil)}: 1\n`
const withBase = shop.replace(
  '"10.1.60" }',
  `"10.1.60", tomcat: { base: ${JSON.stringify(evilName)} } }`,
)
const withSecret = shop.replace(
  'affinity: { method: jvm_route }',
  `affinity: { method: sticky, by: cookie, cookie: ${JSON.stringify(evil)} }`,
)

const attacks: Readonly<Record<string, Attack>> = {
  'generate: name of the spec': { args: ['generate', '-f', evilName + annotation], shows: /gone/ },
  'generate: a spec of that name with mistakes': {
    args: ['generate', '-f', evilName],
    prepare: (cwd) => writeFileSync(join(cwd, evilName), withKey),
    shows: /gone/,
  },
  'generate: standard input': { args: ['generate', '-f', '-'], input: withKey, shows: /gone/ },
  'generate: raw bytes in YAML': {
    args: ['generate', '-f', '-'],
    input: `a: ${evil}\n`,
    shows: /a: x/,
  },
  'generate: a name': { args: ['generate'], spec: withName, shows: /gone/ },
  'generate: a server': { args: ['generate'], spec: withServer, shows: /gone/ },
  'generate: an upstream': { args: ['generate'], spec: withUpstream, shows: /gone/ },
  'generate: a cookie': { args: ['generate'], spec: withSecret, shows: /gone/ },
  'generate: a base that is not there': { args: ['generate'], spec: withBase, shows: /gone/ },
  'generate: a base that does not parse': {
    args: ['generate'],
    spec: withBase,
    prepare: (cwd) => writeFileSync(join(cwd, evilName), `<Server ${evil}`),
    shows: /gone/,
  },
  'generate: --out': { args: ['generate', '--out', evilName], shows: /gone/ },
  'generate: --out that is a file': {
    args: ['generate', '--out', evilName],
    prepare: (cwd) => writeFileSync(join(cwd, evilName), ''),
    shows: /gone/,
  },
  'generate: --check with --out and --file': {
    args: ['generate', '--check', '--out', evilName, '--file', evilName],
    prepare: (cwd) => writeFileSync(join(cwd, evilName), shop),
    shows: /gone/,
  },
  'generate: --dry-run with --out': { args: ['generate', '-n', '--out', evilName], shows: /gone/ },
  'generate: a manifest that names such files': {
    args: ['generate'],
    prepare: (cwd) => {
      mkdirSync(join(cwd, 'generated'))
      writeFileSync(
        join(cwd, 'generated', 'manifest.json'),
        JSON.stringify({ formatVersion: 1, artifacts: [{ path: evilName, sha256: evil }] }),
      )
    },
  },
  'generate: --target': { args: ['generate', '--target', evil], shows: /gone/ },
  'generate: --format': { args: ['generate', '--format', evil], shows: /gone/ },
  'generate: --fetch-libs from such a place': {
    args: ['generate', '--fetch-libs', 'libs', '--maven-repository', evil],
    shows: /gone|no session store/,
  },
  'generate: what nginx says': {
    args: ['generate', '--validate'],
    prepare: (cwd) => program(cwd, 'nginx', says),
  },
  'an option that is none': { args: ['generate', `--${evil}`], shows: /gone/ },
  'a command that is none': { args: [evil], shows: /gone/ },
  'help for a command that is none': { args: ['help', evil], shows: /gone/ },
  'a word too many': { args: ['abi', 'a', evil], shows: /./ },
  'diff: --out': {
    args: ['diff', '--out', evilName],
    prepare: (cwd) => mkdirSync(join(cwd, evilName)),
  },
  'diff: what stands in a file': {
    args: ['diff'],
    prepare: (cwd) => {
      mkdirSync(join(cwd, 'generated', 'nginx'), { recursive: true })
      writeFileSync(
        join(cwd, 'generated', 'nginx', 'shop.conf'),
        `${evil}${annotation} ::error::b\n`,
      )
    },
    shows: /gone/,
  },
  'diff: --base': { args: ['diff', '--base', evil], shows: /./ },
  'diff: --context': { args: ['diff', '--context', evil], shows: /gone/ },
  'abi: a file that is not there': { args: ['abi', evilName], shows: /gone/ },
  'abi: a file that is no nginx': {
    args: ['abi', evilName],
    prepare: (cwd) => writeFileSync(join(cwd, evilName), evil),
    shows: /gone/,
  },
  'verify: the URL': { args: ['verify', evil], shows: /gone/ },
  'verify: --host': { args: ['verify', 'http://127.0.0.1:1/', '--host', evil], shows: /gone/ },
  'verify: --claim': { args: ['verify', 'http://127.0.0.1:1/', '--claim', evil], shows: /gone/ },
  'verify: --scenario': {
    args: ['verify', 'http://127.0.0.1:1/', '--scenario', evil],
    shows: /gone/,
  },
  'verify: --server-by': {
    args: ['verify', 'http://127.0.0.1:1/', '--server-by', evil],
    shows: /./,
  },
  'verify: --timeout': {
    args: ['verify', 'http://127.0.0.1:1/', '--timeout', evil],
    shows: /gone/,
  },
  'verify: --ca': { args: ['verify', 'https://127.0.0.1:1/', '--ca', evilName], shows: /gone/ },
  'lab: the spec': { args: ['lab', '-n', evilName], shows: /gone/ },
  'lab: a spec with mistakes': {
    args: ['lab', '-n', 'sessctl.yaml'],
    spec: withKey,
    shows: /gone/,
  },
  'lab: --nginx': { args: ['lab', '-n', 'sessctl.yaml', '--nginx', evilName], shows: /gone/ },
  'lab: what nginx says': {
    args: ['lab', '-n', 'sessctl.yaml', '--nginx', 'bin/nginx'],
    prepare: (cwd) => program(cwd, 'nginx', says),
    shows: /./,
  },
  'lab: --scenario': { args: ['lab', 'sessctl.yaml', '--scenario', evil], shows: /gone/ },
  'build-nginx: --source': {
    args: ['build-nginx', '--offline', '--source', evilName],
    isProcess: true,
    shows: /control character/,
  },
  'build-nginx: --module': {
    args: ['build-nginx', '-n', '--offline', '--module', evilName],
    shows: /control character/,
  },
  'build-nginx: --patch': {
    args: ['build-nginx', '-n', '--offline', '--patch', evilName],
    shows: /./,
  },
  'build-nginx: --lock': {
    args: ['build-nginx', '-n', '--frozen', '--offline', '--lock', evilName],
    shows: /./,
  },
  'build-nginx: --cache': {
    args: ['build-nginx', '--offline', '--cache', evilName],
    isProcess: true,
    shows: /./,
  },
  'build-nginx: the nginx that --like names': {
    args: ['build-nginx', '-n', '--offline', '--like', 'bin/nginx'],
    prepare: (cwd) => program(cwd, 'nginx', says),
    shows: /./,
  },
  'an environment value': {
    args: ['generate', '--fetch-libs', 'libs'],
    env: { SESSCTL_MAVEN_REPOSITORY: evil },
    shows: /./,
  },
  'the temporary folder': {
    args: ['generate', '--validate'],
    env: { TMPDIR: `/${evilName}` },
    isProcess: true,
    shows: /./,
  },
}

const run = (
  { args, env = {}, input, spec = shop, prepare, isProcess }: Attack,
  extra: readonly string[],
  colour: string,
) =>
  inTemporaryFolder(async (cwd) => {
    writeFileSync(join(cwd, 'sessctl.yaml'), spec)
    prepare?.(cwd)
    const path = [join(cwd, 'bin'), process.env['PATH'] ?? ''].join(delimiter)
    const runIn = isProcess === true ? runCli : runHere
    return runIn([...args, ...extra], {
      cwd,
      env: { PATH: path, FORCE_COLOR: colour, XDG_CACHE_HOME: join(cwd, 'cache'), ...env },
      ...(input === undefined ? {} : { input }),
    })
  })

describe('no escape sequence of a file or server reaches the terminal', () => {
  test.each(Object.entries(attacks))(
    '%s',
    async (_, attack) => {
      for (const colour of ['0', '1']) {
        const { stdout, stderr } = await run(attack, [], colour)
        expectSafe(stdout, colour === '1')
        expectSafe(stderr, colour === '1')
        expect(stdout + stderr).toMatch(attack.shows ?? /^/)
      }
      if (attack.args.includes('--format')) return
      const json = await run(attack, ['--format', 'json'], '1')
      expectSafe(json.stdout, false)
      expectSafe(json.stderr, true)
    },
    60_000,
  )

  test('prints files to standard output, several of them with their names', async () => {
    const xml =
      '<Server port="-1">\n<!-- \u202eabc \u009b2J ##[error]gone -->\n<Service name="Catalina"><Connector port="8080"/><Engine name="Catalina" defaultHost="localhost"><Host name="localhost"/></Engine></Service></Server>\n'
    const attack: Attack = {
      args: ['generate', '--stdout'],
      spec: shop.replace('"10.1.60" }', '"10.1.60", tomcat: { base: server.xml } }'),
      prepare: (cwd) => writeFileSync(join(cwd, 'server.xml'), xml),
    }
    const { stdout, stderr } = await run(attack, [], '0')
    expect(stdout).toContain('gone')
    expectSafe(stdout, false)
    expectSafe(stderr, false)
  })

  test('verify: what the balancer answers', async () => {
    const latin = Buffer.from('\u009b2J\u0085 ##[error]x').toString('latin1')
    const server = createServer((_, response) => {
      response.writeHead(302, {
        'X-Server': `a${latin}`,
        Location: `/${latin}`,
        'Set-Cookie': `JSESSIONID=A.b${latin}; Path=/`,
      })
      response.end(JSON.stringify({ server: evil + annotation }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
      for (const by of ['header:X-Server', 'json:server', 'route:JSESSIONID'])
        for (const format of ['text', 'json', 'html']) {
          const size = ['-c', '4', '-r', '2', '--scenario', 'spread', '--format', format]
          const { stdout, stderr } = await runHere(['verify', url, '--server-by', by, ...size], {
            cwd: '/tmp',
          })
          expectSafe(stdout, false)
          expectSafe(stderr, false)
          expect(stdout).toMatch(/spread|Clients/)
        }
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }, 60_000)
})
