// The builds of nginx that tests start. A tree is nginx without the module, compiled once; a variant
// is a tree's nginx, or one linked anew with the module in it, or a module beside an nginx.

const common = ['-g0', '-O1']

/** Which nginx: patched with the hook or not, by which compiler, with what. */
export const trees = {
  plain: { hook: false, compiler: 'gcc', flags: common, configure: [] },
  hook: { hook: true, compiler: 'gcc', flags: common, configure: [] },
  debug: { hook: true, compiler: 'gcc', flags: ['-g', '-O0'], configure: ['--with-debug'] },
  clang: { hook: true, compiler: 'clang', flags: common, configure: [] },
  sanitized: {
    hook: true,
    compiler: 'clang',
    // nginx's pools would hide what is read or written past an allocation.
    flags: ['-g', '-O1', '-fno-omit-frame-pointer', '-DNGX_DEBUG_PALLOC=1'],
    configure: ['--with-debug'],
    // Not for configure, whose questions would take a minute.
    make: ['CC=clang -fsanitize=address'],
    // Undefined behaviour is looked for in the module alone: nginx gives null to memcpy() on purpose.
    // A report ends the process, so that none can be missed.
    moduleMake: ['CC=clang -fsanitize=address,undefined -fno-sanitize-recover=all'],
  },
  // Of bench/module.mjs only.
  optimised: { hook: true, compiler: 'gcc', flags: ['-O2', '-g'], configure: [] },
}

/**
 * tree: whose nginx runs ("distribution": the packaged one). module: "static", "dynamic", or absent;
 * moduleTree: what a dynamic module is built against, where that is not the tree.
 */
export const variants = {
  plain: { tree: 'plain' },
  patched: { tree: 'hook' },
  static: { tree: 'hook', module: 'static' },
  dynamic: { tree: 'hook', module: 'dynamic' },
  unpatched: { tree: 'plain', module: 'dynamic' },
  mixed: { tree: 'hook', module: 'dynamic', moduleTree: 'plain' },
  distribution: { tree: 'distribution', module: 'dynamic' },
  debug: { tree: 'debug', module: 'static' },
  clang: { tree: 'clang', module: 'static' },
  sanitized: { tree: 'sanitized', module: 'static' },
}

const packaged = ['1.18', '1.22', '1.26', '1.30']
const fromSource = ['plain', 'patched', 'static', 'dynamic', 'unpatched', 'mixed']

/** The variants of a release (major.minor): all on one; on the newest ones, whose servers change
 * while it runs, sanitizers. */
export const variantsOf = (short) =>
  short === '1.22'
    ? Object.keys(variants)
    : [
        ...fromSource,
        ...(packaged.includes(short) ? ['distribution'] : []),
        ...(['1.18', '1.26'].includes(short) ? [] : ['sanitized']),
      ]

/** Those that are built for the tests, where their sources or headers can be had; others are by hand. */
export const releases = ['1.18', '1.22', '1.26', '1.28', '1.30']

/** What the tests have no use for, so that a build takes half of its time. */
const unused = [
  'charset',
  'gzip',
  'ssi',
  'autoindex',
  'geo',
  'split_clients',
  'referer',
  'limit_conn',
  'limit_req',
  'empty_gif',
  'browser',
  'mirror',
  'auth_basic',
].map((name) => `--without-http_${name}_module`)

const used = [
  // Absent before 1.11.5, 1.9.5 and 1.7.11.
  '--with-compat',
  '--with-http_v2_module',
  '--with-threads',
  '--with-http_ssl_module',
  '--with-http_stub_status_module',
]

/** The arguments of configure for a tree; `help` is what its `--help` prints. */
export const configureArguments = ({ compiler, flags, configure }, extra, help) => [
  // Started with -p always; nothing outside of it is touched.
  '--prefix=/nonexistent',
  '--error-log-path=stderr',
  ...[...used, ...unused, ...configure].filter((option) => help.includes(option)),
  `--with-cc=remembering-cc ${compiler}`,
  `--with-cc-opt=${[...flags, ...extra].join(' ')}`,
]
