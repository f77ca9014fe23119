import { choice, defineCommand, flag, many, text } from './define.ts'
import { formatOption } from './options.ts'

export const buildNginxOptions = {
  file: text(
    '-f, --file <path>',
    'a spec whose build section (and nginx version) is taken where no option says else',
    null,
  ),
  source: text(
    '-s, --source <source>',
    'where nginx comes from: apt, a tarball, a folder, a git address with @TAG (default: nginx.org)',
    null,
  ),
  module: many(
    '-m, --module <module>',
    'a module, once for each: a known name, a folder, a tarball or a git address with @TAG (default: jvm_route; none: no module)',
  ),
  static: flag('--static', 'build the modules in (the default)'),
  dynamic: flag('--dynamic', 'build the modules as shared objects'),
  for: text('--for <nginx>', 'build only the modules, for this installed nginx', null),
  like: text('--like <nginx>', 'take the configure arguments of this installed nginx', null),
  openssl: text('--openssl <source>', 'link this OpenSSL statically', null),
  pcre: text('--pcre <source>', 'link this PCRE statically', null),
  zlib: text('--zlib <source>', 'link this zlib statically', null),
  patch: many(
    '--patch <file>',
    'also apply this patch, once for each: a file, or MODULE:FILE for one that a module brings',
  ),
  cc: text('--cc <compiler>', 'the C compiler (default: cc)', null),
  jobs: text('-j, --jobs <number>', 'compilers at once (default: one for each processor)', null),
  mirror: text(
    '--mirror <url>',
    'where releases of nginx are downloaded from, over https',
    'https://nginx.org/download',
  ),
  lock: text('--lock <path>', 'what the build is made of, and how it was verified', 'nginx.lock'),
  frozen: flag('--frozen', 'take exactly what the lock has, and refuse everything else'),
  offline: flag('--offline', 'use nothing but the cache and this host'),
  update: flag('--update', 'ask again where sources can move: apt, branches, changed folders'),
  minVerify: choice(
    '--min-verify <level>',
    'refuse sources that are vouched for by less',
    ['pgp', 'sha256', 'commit', 'none'],
    'none',
  ),
  output: many(
    '-o, --output <path>',
    'also write a package, once for each: a folder, NAME.tar.gz or NAME.deb, with manifest.json and a CycloneDX SBOM',
  ),
  overwrite: flag(
    '--overwrite',
    'let --output replace a file that sessctl did not write, or a package that was changed',
  ),
  cache: text('--cache <folder>', 'where builds are kept (default: ~/.cache/sessctl/build)', null),
  install: flag(
    '--install',
    'put the result where it was configured to be; the old files stay beside it',
  ),
  upgrade: flag(
    '--upgrade',
    'install, and hand the sockets of the running nginx over to the new one',
  ),
  sbin: text(
    '--sbin <nginx>',
    'install over this nginx (default: the --sbin-path it was configured with)',
    null,
  ),
  pid: text(
    '--pid <path>',
    'the pid file of the nginx to upgrade, where several run (default: of the one that runs)',
    null,
  ),
  probe: text(
    '--probe <url>',
    'what the new nginx must answer with 2xx or 3xx (default: a listen of the configuration, as it answers now)',
    null,
  ),
  soak: text(
    '--soak <seconds>',
    'how long the new nginx serves alone before the old one is let go',
    '10',
  ),
  resumeUpgrade: flag('--resume-upgrade', 'go on with an upgrade that was left in the middle'),
  rollback: flag(
    '--rollback',
    'go back to the nginx of before, from the middle of an upgrade or after it',
  ),
  dryRun: flag('-n, --dry-run', 'plan, and build and change nothing'),
  format: formatOption,
  quiet: flag('-q, --quiet', 'say nothing but errors and where the result is'),
  verbose: flag('-v, --verbose', 'show all that configure and the compiler say'),
}

export const buildNginx = defineCommand({
  name: 'build-nginx',
  summary: 'build nginx with modules: verified, patched, compiled and tried out',
  details:
    'Takes sources whose signature or hash is good, tries every patch before one is applied, compiles, and starts the result on a loopback port: it must pin sessions, fail over and show its status. Nothing of this host is changed unless --install or --upgrade says so; the last line says where the result is. --output packages it. A second run of the same build is a look-up. An upgrade goes back by itself when the new nginx does not serve.',
  examples: [
    [
      'sessctl build-nginx 1.26.3',
      'nginx 1.26.3 from nginx.org with the jvm_route module built in',
    ],
    [
      'sessctl build-nginx --dynamic --for /usr/sbin/nginx',
      'just the module, for the nginx that is installed',
    ],
    [
      'sessctl build-nginx 1.22.1 --source apt -m jvm_route -m vts -- --with-http_ssl_module',
      "Debian's sources, two modules, and flags for configure",
    ],
    [
      'sessctl build-nginx 1.26.3 --output nginx.deb',
      'a Debian package of it, with what it was made of',
    ],
    ['sessctl build-nginx --like /usr/sbin/nginx', 'the same as the installed one, and jvm_route'],
    [
      'sessctl build-nginx --like /usr/sbin/nginx --upgrade --soak 30',
      'and let it take over from the one that runs, without losing a request',
    ],
  ],
  operands: { usage: '[VERSION]', least: 0, most: 1, rest: 'CONFIGURE FLAGS' },
  options: buildNginxOptions,
  load: async () => (await import('./build-nginx/run.ts')).runBuildNginx,
})
