// What `sessctl build-nginx` costs beside `./configure && make`: a clean build, the same again, and
// again with a line of a module changed.
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { paired } from './paired.mjs'
import { judge, printTable } from './report.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '3' },
    source: { type: 'string' },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
})
const pairs = Number(values.pairs)
if (!Number.isInteger(pairs) || pairs < 1) throw new Error('--pairs takes a number')

const servers = process.env.SESSCTL_SERVERS ?? join(homedir(), '.cache/sessctl/servers')
const tarball = values.source ?? join(servers, 'roots/trixie-source/nginx_1.26.3.orig.tar.gz')
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sessctl-bench-'))
const module = join(folder, 'module')
const lock = join(folder, 'nginx.lock')
cpSync(join(root, 'module'), module, { recursive: true })

/** What people build; its time is nginx's own. Words after `--` are added, e.g. `--with-cc-opt=-I...`. */
const flags = [
  ...['--with-http_ssl_module', '--with-http_v2_module', '--with-http_realip_module'],
  ...positionals,
]

const sessctl = (/** @type {string} */ cache, /** @type {readonly string[]} */ ...more) => [
  join(root, 'bin/sessctl.js'),
  'build-nginx',
  ...['--source', tarball, '-m', `jvm_route=${module}`, '--jobs', values.jobs],
  ...['--cache', join(folder, cache), '--lock', lock, ...more.flat(), '--', ...flags],
]

/** As one would type it: the same flags, the same patch, the same module. */
const plain = {
  name: 'configure && make',
  argv: [
    ...['bash', '-ec', 'tar -xzf "$1"; cd nginx-*; patch -sp1 < "$2"; shift 2; jobs=$1; shift'],
    ...['bash', tarball, join(root, 'patches/nginx/server-parameter.patch'), values.jobs],
  ],
  before: () => {
    rmSync(join(folder, 'plain'), { recursive: true, force: true })
    mkdirSync(join(folder, 'plain'))
    process.chdir(join(folder, 'plain'))
  },
}
plain.argv[2] += '; ./configure "$@"; make -j "$jobs"'
plain.argv.push(...flags, `--add-module=${module}`)

const clean = {
  name: 'clean build',
  argv: sessctl('clean'),
  before: () => rmSync(join(folder, 'clean'), { recursive: true, force: true }),
}
let changes = 0
const changed = {
  name: 'changed module',
  argv: sessctl('warm', ['--update']),
  before: () =>
    appendFileSync(join(module, 'ngx_http_upstream_jvm_route_status.c'), `\n/* ${changes++} */\n`),
}

try {
  const rows = [
    { what: 'clean build / configure && make', result: paired(clean, plain, pairs), limit: 1.1 },
    {
      what: 'changed module / configure && make',
      result: paired(changed, plain, pairs),
      limit: 0.25,
    },
    // The first of it is not measured: it is a clean build.
    {
      what: 'unchanged / configure && make',
      result: paired({ name: 'unchanged', argv: sessctl('warm') }, plain, pairs),
      limit: 0.03,
    },
  ]
  printTable(`build-nginx, ${values.jobs} compilers at once`, rows)
  judge(rows)
} finally {
  process.chdir(root)
  rmSync(folder, { recursive: true, force: true })
}
