import { choice, defineCommand, flag, list, many, text } from '../commands/define.ts'
import { allowOutsideOption, formatOption } from '../commands/options.ts'

export const buildNginxOptions = {
  file: text(
    '-f, --file <path>',
    'a spec; its build section and nginx version are used unless overridden by an option',
    null,
  ),
  allowOutside: allowOutsideOption,
  source: text(
    '-s, --source <source>',
    'the source of nginx: apt, a tarball, a folder or a git URL with @TAG (default: nginx.org)',
    null,
  ),
  module: list(
    '-m, --module <modules>',
    'the modules, separated by commas: known names, or NAME=SOURCE with a folder, a tarball or a git URL with @TAG, and //FOLDER within it (default: jvm_route; none for no module)',
  ),
  static: flag('--static', 'build the modules into nginx (default)'),
  dynamic: flag('--dynamic', 'build the modules as shared objects'),
  for: text('--for <nginx>', 'build only the modules, for this nginx', null),
  like: text('--like <nginx>', 'use the configure arguments of this nginx', null),
  drop: many(
    '--drop <flag>',
    'remove a configure flag or compiler option of --like or --for (repeatable)',
  ),
  openssl: text('--openssl <source>', 'link this OpenSSL statically', null),
  pcre: text('--pcre <source>', 'link this PCRE statically', null),
  zlib: text('--zlib <source>', 'link this zlib statically', null),
  patch: many(
    '--patch <file>',
    'also apply this patch (repeatable): a file, or MODULE:FILE for a patch that a module brings',
  ),
  env: many(
    '--env <name=value>',
    'set a variable for configure and make, which is part of the recipe (repeatable): LUAJIT_LIB=/usr/lib',
  ),
  rebasePatch: flag(
    '--rebase-patch',
    'if a --patch needs fuzz, write it again for this nginx, as a file to review, and use that',
  ),
  allowUnpatched: flag(
    '--allow-unpatched',
    'build modules that bring patches for nginx, of which none applies',
  ),
  cc: text('--cc <compiler>', 'the C compiler (default: cc)', null),
  jobs: text(
    '-j, --jobs <number>',
    'number of parallel compiler processes (default: one per processor)',
    null,
  ),
  mirror: text(
    '--mirror <url>',
    'the https URL that nginx releases are downloaded from',
    'https://nginx.org/download',
  ),
  lock: text(
    '--lock <path>',
    'the lock file: the sources of the build and how they were verified',
    'nginx.lock',
  ),
  frozen: flag('--frozen', 'use exactly the sources of the lock file; refuse any other'),
  offline: flag('--offline', 'use the cache only, download nothing'),
  update: flag('--update', 'look for newer sources: apt, branches, changed folders'),
  minVerify: choice(
    '--min-verify <level>',
    'refuse sources with weaker verification',
    ['pgp', 'sha256', 'commit', 'none'],
    'none',
  ),
  output: many(
    '-o, --output <path>',
    'write a package (repeatable): a folder, NAME.tar.gz, NAME.deb, NAME.rpm or NAME.spec.tar.gz, with manifest.json and a CycloneDX SBOM',
  ),
  revision: text(
    '--revision <number>',
    'the revision of a .deb or .rpm: a higher one is an upgrade of the same release',
    '1',
  ),
  overwrite: flag(
    '--overwrite',
    'let --output replace files that sessctl did not write, and changed packages',
  ),
  cache: text(
    '--cache <folder>',
    'the folder that builds are cached in (default: ~/.cache/sessctl/build)',
    null,
  ),
  install: flag(
    '--install',
    'install to the configured prefix; the replaced files are kept as a backup',
  ),
  upgrade: flag('--upgrade', 'install, and pass the sockets of the running nginx to the new one'),
  sbin: text(
    '--sbin <nginx>',
    'replace this nginx binary (default: the configured --sbin-path)',
    null,
  ),
  pid: text('--pid <path>', 'the pid file of the nginx to upgrade, if several are running', null),
  probe: text(
    '--probe <url>',
    'the URL that the new nginx must answer with 2xx or 3xx (default: a listen address of the configuration, with its present answer)',
    null,
  ),
  soak: text(
    '--soak <seconds>',
    'how long the new nginx serves alone before the old one is ended',
    '10',
  ),
  resumeUpgrade: flag('--resume-upgrade', 'continue an interrupted upgrade'),
  rollback: flag('--rollback', 'return to the previous nginx, during an upgrade or after it'),
  generation: text(
    '--generation <number>',
    'with --rollback: the kept version to return to, 1 for the newest; --dry-run lists them',
    '1',
  ),
  keep: text('--keep <number>', 'how many replaced versions are kept for --rollback', '3'),
  dryRun: flag('-n, --dry-run', 'print the plan; build and change nothing'),
  format: formatOption,
  quiet: flag('-q, --quiet', 'print nothing but errors and the path of the result'),
  verbose: flag('-v, --verbose', 'print the output of configure and of the compiler'),
}

export const buildNginx = defineCommand({
  name: 'build-nginx',
  summary: 'build nginx with modules from verified sources',
  details: [
    'Verifies the signature or hash of all sources, checks that every patch applies, compiles, and starts the result on a loopback port, where it must pin sessions, fail over and show its status. The last line of the output is the path of the result; a second run of the same build takes it from the cache. --output packages it.',
    'Nothing on this host is changed without --install or --upgrade. An upgrade is rolled back if the new nginx does not serve.',
  ],
  examples: [
    ['sessctl build-nginx 1.26.3', 'nginx 1.26.3 from nginx.org with the jvm_route module'],
    [
      'sessctl build-nginx --dynamic --for /usr/sbin/nginx',
      'only the module, for the installed nginx',
    ],
    [
      'sessctl build-nginx 1.22.1 --source apt -m jvm_route,vts -- --with-http_ssl_module',
      "Debian's sources, two modules and a configure flag",
    ],
    ['sessctl build-nginx 1.26.3 --output nginx.deb', 'a Debian package'],
    ['sessctl build-nginx --like /usr/sbin/nginx', 'like the installed nginx, with jvm_route'],
    [
      'sessctl build-nginx --like /usr/sbin/nginx --upgrade --soak 30',
      'and replace the running nginx without losing a request',
    ],
  ],
  operands: [{ name: '[version]', description: 'the release of nginx' }],
  rest: 'CONFIGURE FLAGS',
  options: buildNginxOptions,
  load: async () => (await import('./run/run.ts')).runBuildNginx,
})
