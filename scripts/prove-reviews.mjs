// Runs every review of fixtures/reviews in the lab, and writes the table of docs/prove.md.
// usage: npm run build && [SESSCTL_NGINX=… SESSCTL_NGINX_WITH_MODULE=… SESSCTL_TOMCAT=… SESSCTL_JAVA=… SESSCTL_REDIS=…] node scripts/prove-reviews.mjs [--libs FOLDER]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'docs/prove.md')
const reviews = join(root, 'fixtures/reviews')
/** Where the proxy chooses servers by turns, few clients are several points from the expectation. */
const byTurns = new Set(['cookie-renamed-on-one-side', 'route-renamed', 'route-renamed-haproxy'])
const clientsFor = (name) => (byTurns.has(name) ? 6000 : 1000)

const percent = (share) => (share === null ? '–' : `${(share * 100).toFixed(1)}%`)
const cells = ({ review, predicted, measured }) => [review, predicted, measured].map(percent)

/** `nginx 1.30.6, Tomcat 9.0.122`: without the numbers of servers. */
const programs = ({ before, after }) => {
  const names = (text) => text.replaceAll(/\d+ × /g, '')
  return names(before) === names(after) ? names(after) : `${names(before)} → ${names(after)}`
}

/** The nginx of each side: one with the module, where its spec has modules. */
const environmentFor = (specs, folder) => {
  const { SESSCTL_NGINX: plain, SESSCTL_NGINX_WITH_MODULE: withModule = plain } = process.env
  const [before, after] = specs.map((spec) =>
    readFileSync(spec, 'utf8').includes('modules:') ? withModule : plain,
  )
  const named = { SESSCTL_NGINX_BEFORE: before, SESSCTL_NGINX: after }
  const given = Object.entries(named).filter(([, path]) => path !== undefined)
  return { ...process.env, ...Object.fromEntries(given), TMPDIR: folder }
}

const row = (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'sessctl-proof-'))
  try {
    const specs = ['before', 'after'].map((side) => join(reviews, name, `${side}.yaml`))
    const options = ['--prove', '--format', 'json', '--clients', `${clientsFor(name)}`]
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'bin/sessctl.js'), 'diff', ...specs, ...options, ...process.argv.slice(2)],
      { encoding: 'utf8', env: environmentFor(specs, folder), maxBuffer: 2 ** 28 },
    )
    const proof = stdout === '' ? null : JSON.parse(stdout).proof
    if (proof == null) {
      process.stderr.write(`${name}: ${stderr.split('\n').slice(-6).join('\n')}\n`)
      return null
    }
    const [upstream] = proof.upstreams
    process.stderr.write(
      `${name}: ${proof.agrees ? 'agrees' : 'DIFFERS'} ${JSON.stringify(upstream)}\n`,
    )
    const figures = [...cells(upstream.moved), ...cells(upstream.lost)]
    const link = `[${name}](../fixtures/reviews/${name}/comment.md)`
    return `| ${[link, ...figures, programs(proof.programs[0])].join(' | ')} |`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const wanted = (process.env.REVIEWS ?? '').split(',').filter(Boolean)
const names = readdirSync(reviews).filter((name) => wanted.length === 0 || wanted.includes(name))
const found = names.flatMap((name) => {
  const line = row(name)
  return line === null ? [] : [[name, line]]
})
const text = readFileSync(page, 'utf8')
const [start, end] = ['<!-- reviews -->\n', '<!-- end of reviews -->']
const [before] = text.split(start)
const [old = '', after = ''] = text.slice(before.length + start.length).split(end)
// Rows of other reviews stay.
const known = new Map([
  ...old.split('\n').flatMap((line) => {
    const [, name] = /^\| \[([^\]]+)\]/.exec(line) ?? []
    return name === undefined ? [] : [[name, line]]
  }),
  ...found,
])
const table = [
  '| review | moved: review | predicted | measured | lost: review | predicted | measured | programs |',
  '|---|---|---|---|---|---|---|---|',
  ...[...known].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line),
]
writeFileSync(page, `${before}${start}${table.join('\n')}\n${end}${after}`)
