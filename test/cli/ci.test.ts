import { execFile, execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import {
  type Comment,
  type CommentServer,
  ownUser,
  readOnlyToken,
  startCommentServer,
} from '../support/comment-server.ts'
import { action, runAction } from '../support/github-action.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(join(root, 'docs/how-to/ci.md'), 'utf8')
const folders: string[] = []
const servers: CommentServer[] = []

const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-ci-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const api = async (comments: readonly Comment[] = []): Promise<CommentServer> => {
  const server = await startCommentServer(comments)
  servers.push(server)
  return server
}

/** The programs of the package, as npm links them. */
const programs = temporary()
for (const name of ['sessctl', 'sessctl-comment'])
  symlinkSync(join(root, 'bin', `${name}.js`), join(programs, name))

const env = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: `${programs}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
  HOME: programs,
  ...more,
})

const spec = (servers: string): string => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], serverNames: [shop.example.com], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: sticky, by: cookie, cookie: srv_id }
    servers: { ${servers} }
`
const two = 'a: "10.0.0.1:8080", b: "10.0.0.2:8080"'
const three = `${two}, c: "10.0.0.3:8080"`

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
    cwd,
    encoding: 'utf8',
    env: env(),
  }).trim()

const commit = (cwd: string, file: string, text: string): string => {
  writeFileSync(join(cwd, file), text)
  execFileSync('sessctl', ['generate', '--quiet', '--file', file], { cwd, env: env() })
  git(cwd, 'add', '.')
  git(cwd, 'commit', '-qm', 'change')
  return git(cwd, 'rev-parse', 'HEAD')
}

const original = temporary()
git(original, 'init', '-q')
const base = commit(original, 'sessctl.yaml', spec(two))
commit(original, 'sessctl.yaml', spec(three))

/** A copy of the repository, whose last commit changes the spec. */
const repository = (): string => {
  const cwd = temporary()
  cpSync(original, cwd, { recursive: true })
  return cwd
}

const pullRequest = {
  'github.event_name': 'pull_request',
  'github.repository': 'o/r',
  'github.event.pull_request.head.repo.full_name': 'o/r',
  'github.event.pull_request.number': '12',
  'github.token': 'job-token',
}

const marker = '<!-- sessctl diff sessctl.yaml -->'
const foreign: Comment = {
  id: 1,
  user: { login: 'mallory' },
  author: { id: 666 },
  body: `${marker}\nnot a review`,
}

/** More comments than a page has. */
const others = Array.from(
  { length: 120 },
  (_, index): Comment => ({
    ...foreign,
    id: 10 + index,
    body: 'LGTM',
  }),
)

describe('the action for GitHub', () => {
  test('posts the review of a pull request, and updates it in place with the next push', async () => {
    const cwd = repository()
    const server = await api([foreign, ...others])
    const setting = {
      cwd,
      temporary: temporary(),
      github: pullRequest,
      env: env({ GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'o/r' }),
    }
    const first = await runAction(setting)
    expect(first.steps.map(({ name, exitCode }) => [name, exitCode])).toEqual(
      action.runs.steps.map(({ name }) => [name, 0]),
    )
    const [comment] = server.comments.slice(-1)
    expect(comment?.body.split('\n')[0]).toBe(marker)
    expect(comment?.body).toContain('server c of upstream shop added')
    expect(first.summary).toBe(comment?.body)
    expect(readFileSync(first.outputs['review'] ?? '', 'utf8')).toBe(comment?.body)
    const sarif = JSON.parse(readFileSync(first.outputs['sarif'] ?? '', 'utf8')) as object
    expect(sarif).toHaveProperty('version', '2.1.0')
    expect([...server.tokens]).toEqual(['Bearer job-token'])

    const only = ['Install sessctl', 'Review the change', 'Post the review']
    await runAction({ ...setting, temporary: temporary(), only })
    commit(cwd, 'sessctl.yaml', spec(three.replace('"10.0.0.3:8080"', '"10.0.0.4:8080"')))
    await runAction({
      ...setting,
      temporary: temporary(),
      inputs: { base: 'HEAD~2' },
      only,
    })
    // The second run had nothing new to say.
    expect(server.writes).toEqual([
      'POST /repos/o/r/issues/12/comments',
      `PATCH /repos/o/r/issues/comments/${comment?.id}`,
    ])
    expect(server.comments.at(-1)?.body).toContain('10.0.0.4:8080')
    expect(server.comments[0]).toEqual(foreign)
  })

  test('a token that cannot write leaves the review in the summary; what fails is named at the end', async () => {
    const cwd = repository()
    const server = await api()
    const setting = {
      cwd,
      inputs: { 'fail-on': 'sessions-lost' },
      github: { ...pullRequest, 'github.token': readOnlyToken },
      env: env({ GITHUB_API_URL: server.url, GITHUB_REPOSITORY: 'o/r' }),
    }
    const { steps, summary } = await runAction({ ...setting, temporary: temporary() })
    const posting = steps.find(({ name }) => name === 'Post the review')
    expect(posting).toMatchObject({ exitCode: 0 })
    expect(posting?.output).toContain('HTTP status 403: the token needs pull-requests: write\n')
    expect(posting?.output).toContain('::notice title=sessctl::The review is not a comment')
    expect(steps.at(-1)).toMatchObject({ name: 'Result', exitCode: 0 })
    expect(server.comments).toEqual([])
    expect(summary).toContain(marker)

    writeFileSync(join(cwd, 'sessctl.yaml'), spec(two))
    const only = ['Install sessctl', 'Check the generated files', 'Result']
    const failed = await runAction({ ...setting, temporary: temporary(), only })
    expect(failed.steps.at(-1)).toMatchObject({
      name: 'Result',
      exitCode: 1,
      output: expect.stringContaining('sessctl generate --check failed with exit code 1') as string,
    })
  })

  test('a version that is not a release is refused before npm sees it', async () => {
    const { steps } = await runAction({
      cwd: original,
      temporary: temporary(),
      inputs: { version: 'npm:other' },
      github: pullRequest,
      env: env(),
      only: ['Install sessctl'],
    })
    expect(steps).toMatchObject([{ exitCode: 2, output: 'version is not a release of sessctl\n' }])
  })

  test('no value of an input or of the event is part of a script', () => {
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{')
  })

  test('the name of a spec is not read as a command', async () => {
    const cwd = repository()
    git(cwd, 'mv', 'sessctl.yaml', '$(touch pwned) `touch pwned`.yaml')
    const { steps } = await runAction({
      cwd,
      temporary: temporary(),
      inputs: { spec: '$(touch pwned) `touch pwned`.yaml', output: 'generated' },
      github: pullRequest,
      env: env(),
      only: ['Install sessctl', 'Check the generated files'],
    })
    expect(steps).toMatchObject([
      { exitCode: 0 },
      { exitCode: 0, output: expect.not.stringContaining('out of date') },
    ])
    expect(existsSync(join(cwd, 'pwned'))).toBe(false)
  })
})

describe('the workflow in docs/how-to/ci.md', () => {
  const [, text = ''] =
    /```yaml\n# \.github\/workflows\/sessctl\.yml\n([\s\S]*?)```/.exec(page) ?? []
  const workflow = parse(text) as {
    readonly on: unknown
    readonly permissions: object
    readonly jobs: {
      readonly review: {
        readonly permissions: object
        readonly steps: readonly {
          readonly uses: string
          readonly with?: Readonly<Record<string, unknown>>
        }[]
      }
    }
  }
  const { steps, permissions } = workflow.jobs.review

  test('runs without the secrets of the repository, and with the permissions that it uses', () => {
    expect(workflow.on).toBe('pull_request')
    expect(workflow.permissions).toEqual({})
    expect(permissions).toEqual({
      contents: 'read',
      'pull-requests': 'write',
      'security-events': 'write',
    })
    expect(steps[0]?.with).toMatchObject({ 'persist-credentials': false })
  })
  test('names foreign actions by the hashes of their commits', () => {
    for (const { uses } of steps.filter((step) => !step.uses.startsWith('sessctl/')))
      expect(uses).toMatch(/^[\w./-]+@[0-9a-f]{40}$/)
  })
  test('uses inputs and outputs that the action has', () => {
    const own = steps.find(({ uses }) => uses.startsWith('sessctl/'))
    for (const name of Object.keys(own?.with ?? {})) expect(action.inputs).toHaveProperty(name)
    for (const [, name = ''] of text.matchAll(/steps\.sessctl\.outputs\.(\w+)/g))
      expect(action.outputs).toHaveProperty(name)
  })
  test('the table of inputs is complete', () => {
    const listed = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)
    expect(listed.slice(0, Object.keys(action.inputs).length)).toEqual(Object.keys(action.inputs))
  })
})

interface Job {
  readonly variables: Readonly<Record<string, string | { readonly value: string }>>
  readonly before_script: readonly string[]
  readonly script: readonly string[]
}

const [header, content] = parseAllDocuments(
  readFileSync(join(root, 'docs/how-to/ci/gitlab.yml'), 'utf8'),
).map((document) => document.toJS() as unknown)
const { inputs } = (header as { spec: { inputs: Record<string, { default: string }> } }).spec
const { sessctl: job } = content as { readonly sessctl: Job }

/** The variables of the job with the defaults of the inputs. */
const variables = (given: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(job.variables).map(([name, variable]) => [
      name,
      (typeof variable === 'string' ? variable : variable.value).replace(
        /\$\[\[ inputs\.([\w-]+) \]\]/g,
        (_, input: string) => given[input] ?? inputs[input]?.default ?? '',
      ),
    ]),
  )

/** A shell as a runner of GitLab starts it. */
const runJob = (cwd: string, more: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve) => {
    const script = ['set -eo pipefail', ...job.before_script, ...job.script].join('\n')
    execFile('bash', ['-c', script], { cwd, env: env({ ...variables(), ...more }) }, (error) => {
      resolve(error === null ? 0 : Number(error.code))
    })
  })

describe('the template for GitLab', () => {
  test('posts the review as a note, updates it, and writes the report of Code Quality', async () => {
    const cwd = repository()
    const server = await api([foreign])
    const mergeRequest = {
      GITLAB_CI: 'true',
      CI_API_V4_URL: server.url,
      CI_PROJECT_ID: '34',
      CI_MERGE_REQUEST_IID: '12',
      CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
      SESSCTL_COMMENT_TOKEN: 'project-token',
    }
    expect(await runJob(cwd, mergeRequest)).toBe(0)
    expect(server.comments.at(-1)?.author).toEqual(ownUser)
    expect(server.comments.at(-1)?.body).toContain('server c of upstream shop added')
    expect(JSON.parse(readFileSync(join(cwd, 'gl-code-quality-report.json'), 'utf8'))).toEqual(
      expect.any(Array),
    )
    writeFileSync(join(cwd, 'sessctl.yaml'), spec(three.replace('10.0.0.3', '10.0.0.4')))
    // generated/ is out of date.
    expect(await runJob(cwd, mergeRequest)).toBe(1)
    expect(server.writes).toEqual([
      'POST /projects/34/merge_requests/12/notes',
      `PUT /projects/34/merge_requests/12/notes/${server.comments.at(-1)?.id}`,
    ])
    expect([...server.tokens]).toEqual(['project-token'])
    expect(server.comments[0]).toEqual(foreign)
  })

  test('inputs are used in variables that the shell does not expand, and in no script', () => {
    expect([...job.before_script, ...job.script].join('\n')).not.toContain('inputs.')
    for (const variable of Object.values(job.variables))
      if (JSON.stringify(variable).includes('inputs.'))
        expect(variable).toMatchObject({ expand: false })
  })
})

describe('before a commit', () => {
  const [, local = ''] = /```yaml\n# \.pre-commit-config\.yaml\n([\s\S]*?)```/.exec(page) ?? []
  const [, script = ''] = /```sh\n(#!\/bin\/sh\n[\s\S]*?)```/.exec(page) ?? []

  test('the hook of git refuses a commit whose generated files are out of date', () => {
    const cwd = repository()
    mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true })
    symlinkSync(join(root, 'bin/sessctl.js'), join(cwd, 'node_modules/.bin/sessctl'))
    writeFileSync(join(cwd, '.git/hooks/pre-commit'), script, { mode: 0o755 })
    git(cwd, 'commit', '--allow-empty', '-qm', 'up to date')
    writeFileSync(join(cwd, 'sessctl.yaml'), spec(two))
    expect(() => git(cwd, 'commit', '-qam', 'out of date')).toThrow()
  })

  test('both hooks of pre-commit run the command of the hook of git', () => {
    const [hook] = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as [
      { readonly id: string; readonly entry: string },
    ]
    const { repos } = parse(local) as {
      readonly repos: readonly { readonly hooks: readonly { readonly entry: string }[] }[]
    }
    expect(repos[0]?.hooks[0]?.entry).toBe(hook.entry)
    expect(script).toContain(hook.entry)
    expect(page).toContain(`the hook \`${hook.id}\``)
  })
})

describe('sessctl-comment', () => {
  const comment = (file: string, more: Readonly<Record<string, string>>) =>
    new Promise<{ readonly exitCode: number; readonly stderr: string }>((resolve) => {
      execFile('sessctl-comment', [file], { env: env(more) }, (error, _stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), stderr })
      })
    })

  test('says what is missing, and never the token', async () => {
    const file = join(temporary(), 'review.md')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${marker}\nreview\n`)
    const server = await api()
    const github = {
      GITHUB_API_URL: `${server.url}/nothing`,
      GITHUB_REPOSITORY: 'o/r',
      SESSCTL_COMMENT_NUMBER: '12',
      SESSCTL_COMMENT_TOKEN: 'hunter2',
    }
    const refused = await comment(file, github)
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toContain('HTTP status 404')
    expect(refused.stderr).not.toContain('hunter2')
    const wrong = await comment(file, { ...github, SESSCTL_COMMENT_NUMBER: '12/../../x' })
    expect(wrong.stderr).toBe('sessctl-comment: SESSCTL_COMMENT_NUMBER is not a number\n')
    writeFileSync(file, 'some text\n')
    expect((await comment(file, github)).stderr).toContain('is not the marker of a review')
  })

  test('a long review is several comments, which are updated and deleted with it', async () => {
    const file = join(temporary(), 'review.md')
    const server = await api([foreign])
    const setting = {
      GITHUB_API_URL: server.url,
      GITHUB_REPOSITORY: 'o/r',
      SESSCTL_COMMENT_NUMBER: '12',
      SESSCTL_COMMENT_TOKEN: 'job-token',
    }
    const part = (number: number): string => marker.replace(' -->', `, part ${number} -->`)
    const bodies = () => server.comments.slice(1).map(({ body }) => body)
    const post = async (...parts: readonly string[]): Promise<void> => {
      writeFileSync(file, parts.join(''))
      expect(await comment(file, setting)).toEqual({ exitCode: 0, stderr: '' })
      expect(bodies()).toEqual(parts)
    }
    await post(`${marker}\none\n`, `${part(2)}\ntwo\n`, `${part(3)}\nthree\n`)
    await post(`${marker}\none\n`, `${part(2)}\n2\n`)
    await post(`${marker}\n1\n`)
    expect(server.writes.map((write) => write.split(' ')[0])).toEqual([
      'POST',
      'POST',
      'POST',
      'PATCH',
      'DELETE',
      'PATCH',
      'DELETE',
    ])
    expect(server.comments[0]).toEqual(foreign)
  })
})
