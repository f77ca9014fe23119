import type { FakeProgram } from './fake-program.ts'

export type Release = 'bullseye' | 'bookworm' | 'trixie' | 'sid'

/** A binary package with the files in it. */
export interface Package {
  readonly name: string
  readonly version: string
  readonly depends?: string
  readonly files: Readonly<Record<string, string | Buffer>>
}

const textFiles = (...paths: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(paths.map((path) => [path, `${path}\n`]))

/** What a release of the tests' repository has: all that scripts/install-servers asks it for. */
export const packagesOf = (release: Release, fake: FakeProgram): readonly Package[] => {
  /** A package of one program that says its version. */
  const program = (name: string, path: string, version: string, said = version): Package => ({
    name,
    version: `${version}-1`,
    depends: 'libc6',
    files: { [path]: fake.program, [`${path}.said`]: `${said}\n` },
  })
  const empty = (name: string, version: string): Package => ({ name, version, files: {} })
  const nginx = (version: string): readonly Package[] => [
    program('nginx', 'usr/sbin/nginx', version, `nginx version: nginx/${version}`),
    ...(release === 'bullseye' ? [] : [headers(version)]),
  ]
  const headers = (version: string): Package => ({
    name: 'nginx-dev',
    version: `${version}-1`,
    files: { 'usr/share/nginx/src/src/core/nginx.h': `#define NGINX_VERSION      "${version}"\n` },
  })
  const haproxy = (version: string): Package =>
    program('haproxy', 'usr/sbin/haproxy', version, `HAProxy version ${version}`)
  const tomcat = (major: number, version: string): readonly Package[] => {
    const home = `usr/share/tomcat${major}`
    const jars = ['lib/catalina.jar', 'lib/jasper.jar', 'bin/tomcat-juli.jar', 'bin/bootstrap.jar']
    return [
      {
        name: `libtomcat${major}-java`,
        version: `${version}-1`,
        files: textFiles(
          ...jars.map((jar) => `${home}/${jar}`),
          'usr/share/java/eclipse-jdt-core.jar',
        ),
      },
      empty(`tomcat${major}`, `${version}-1`),
      { name: `tomcat${major}-common`, version: `${version}-1`, files: textFiles(`${home}/etc/a`) },
    ]
  }
  const postgres = (major: number): Package => {
    const home = `usr/lib/postgresql/${major}`
    const programs = ['postgres', 'initdb', 'psql'].map((name) => [
      `${home}/bin/${name}`,
      fake.program,
    ])
    return {
      name: `postgresql-${major}`,
      version: `${major}.1-1`,
      depends: 'libc6',
      files: { ...Object.fromEntries(programs), ...textFiles(`${home}/lib/a`) },
    }
  }
  const httpd = (): Package =>
    program('apache2-bin', 'usr/sbin/apache2', '2.4.1', 'Server version: Apache/2.4.1')
  const stores = (redis: string, memcached: string, major: number): readonly Package[] => [
    program('redis-server', 'usr/bin/redis-server', redis, `Redis server v=${redis}`),
    program('memcached', 'usr/bin/memcached', memcached),
    postgres(major),
  ]
  const java = (): Package =>
    program(
      'openjdk-21-jre-headless',
      'usr/lib/jvm/java-21-openjdk-amd64/bin/java',
      '21.0.1',
      'openjdk version "21.0.1"',
    )
  const toolchain = (gcc: string, runtime: readonly string[]): readonly Package[] => {
    const names = 'clang llvm make patch patchelf valgrind libc6-dev libssl-dev zlib1g-dev'
    const others = [...`${names} libpcre2-dev libpcre3-dev`.split(' '), ...runtime]
    const base = `gcc-${gcc.split('.')[0]}-base`
    return [
      empty(base, `${gcc}-1`),
      { ...program('gcc', 'usr/bin/gcc', gcc), depends: `libc6, ${base}` },
      ...others.map((name) => program(name, `usr/bin/${name}`, '1.2.3')),
    ]
  }
  const php = (version: string, abi: string): readonly Package[] => {
    const name = `php${version.split('.').slice(0, 2).join('.')}`
    return [
      program(`${name}-cli`, `usr/bin/${name}`, version, `PHP ${version}`),
      { ...empty(`${name}-redis`, '5-1'), files: textFiles(`usr/lib/php/${abi}/redis.so`) },
      empty(`${name}-memcached`, '3-1'),
      empty(`${name}-memcache`, '8-1'),
    ]
  }
  const django = (version: string, python: string): readonly Package[] => [
    program('python3-django', `usr/bin/${python}`, version),
    empty('python3-redis', '4-1'),
    empty('python3-pymemcache', '4-1'),
  ]
  const common = { name: 'libc6', version: '2.36-1', files: fake.libraries }
  const all: Readonly<Record<Release, () => readonly Package[]>> = {
    bullseye: () => [
      ...nginx('1.18.0'),
      haproxy('2.2.9'),
      ...tomcat(9, '9.0.1'),
      ...toolchain('10.2.1', []),
    ],
    bookworm: () => [
      ...nginx('1.22.1'),
      haproxy('2.6.1'),
      httpd(),
      ...stores('7.0.1', '1.6.1', 15),
      ...php('8.2.1', '20220829'),
      ...tomcat(10, '10.1.1'),
      ...toolchain('12.2.0', ['libclang-rt-dev']),
    ],
    trixie: () => [
      ...nginx('1.26.3'),
      haproxy('3.0.1'),
      ...stores('8.0.1', '1.6.2', 17),
      httpd(),
      ...php('8.4.1', '20240924'),
      ...django('4.2.1', 'python3.13'),
      ...tomcat(11, '11.0.1'),
      empty('tomcat-jakartaee-migration', '1-1'),
      java(),
    ],
    sid: () => [...nginx('1.30.6'), haproxy('3.2.1'), ...django('5.2.1', 'python3.14'), java()],
  }
  return [common, ...all[release]()]
}

/** The upstream version of the nginx of each release. */
export const nginxOf: Readonly<Record<Release, string>> = {
  bullseye: '1.18.0',
  bookworm: '1.22.1',
  trixie: '1.26.3',
  sid: '1.30.6',
}
