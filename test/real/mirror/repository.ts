import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp'
import type { FakeProgram } from './fake-program.ts'
import { nginxOf, type Package, packagesOf, type Release } from './packages.ts'

/** A Debian mirror's files by their paths, and the keyring that its signatures are checked with. */
export interface Repository {
  readonly files: ReadonlyMap<string, Buffer>
  readonly keyring: Buffer
}

export const releases: readonly Release[] = ['bullseye', 'bookworm', 'trixie', 'sid']

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** A .deb of these files; programs are those below a bin or sbin folder. */
const buildPackage = (
  { name, version, depends, files }: Package,
  architecture: string,
  dir: string,
): Buffer => {
  const root = join(dir, 'package', `${name}_${version}`)
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    'Maintainer: nobody <nobody@localhost>',
    ...(depends === undefined ? [] : [`Depends: ${depends}`]),
    'Description: of a test',
    '',
  ].join('\n')
  for (const [path, content] of Object.entries({ 'DEBIAN/control': control, ...files })) {
    const mode = /\/s?bin\/[^/]*$|ld-linux/.test(path) ? 0o755 : 0o644
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), content, { mode })
  }
  const file = `${root}.deb`
  execFileSync('dpkg-deb', ['-Znone', '--root-owner-group', '--build', root, file])
  return readFileSync(file)
}

/** The files of a source package of nginx, by their names. */
const buildSource = (version: string, dir: string): ReadonlyMap<string, Buffer> => {
  const pack = (folder: string, path: string, flags: string): Buffer => {
    const root = join(dir, 'source', version)
    mkdirSync(join(root, folder, dirname(path)), { recursive: true })
    writeFileSync(join(root, folder, path), `${path}\n`)
    return execFileSync('tar', ['-C', root, flags, '-', folder])
  }
  return new Map([
    [`nginx_${version}-1.dsc`, Buffer.from(`Source: nginx\nVersion: ${version}-1\n`)],
    [`nginx_${version}.orig.tar.gz`, pack(`nginx-${version}`, 'src/core/nginx.c', '-czf')],
    [`nginx_${version}-1.debian.tar.xz`, pack('debian', 'patches/series', '-cJf')],
  ])
}

const paragraph = (fields: Readonly<Record<string, string>>): string =>
  `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\n`

const listOf = (files: ReadonlyMap<string, Buffer>): string =>
  [...files].map(([name, bytes]) => `\n ${sha256(bytes)} ${bytes.length} ${name}`).join('')

/**
 * A mirror with all releases that scripts/install-servers asks for, signed with a key of its own. The
 * suites of security updates are there and empty, but for `updates`: newer versions of packages.
 */
export const makeRepository = async (
  fake: FakeProgram,
  dir: string,
  updates: Readonly<Record<string, readonly Package[]>> = {},
): Promise<Repository> => {
  const key = await generateKey({
    userIDs: [{ name: 'a mirror of a test' }],
    type: 'rsa',
    rsaBits: 2048,
    format: 'object',
  })
  const signingKeys = await readPrivateKey({ armoredKey: key.privateKey.armor() })
  const architecture = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim()
  const files = new Map<string, Buffer>()

  const addSuite = async (
    archive: string,
    suite: string,
    packages: readonly Package[],
    source: ReadonlyMap<string, Buffer>,
    version: string,
  ): Promise<void> => {
    const entries = packages.map((one) => {
      const bytes = buildPackage(one, architecture, join(dir, suite))
      const filename = `pool/${suite}/${one.name}_${one.version}_${architecture}.deb`
      files.set(`/${archive}/${filename}`, bytes)
      return paragraph({
        Package: one.name,
        Version: one.version,
        Architecture: architecture,
        ...(one.depends === undefined ? {} : { Depends: one.depends }),
        Filename: filename,
        Size: String(bytes.length),
        SHA256: sha256(bytes),
      })
    })
    for (const [name, bytes] of source) files.set(`/${archive}/pool/${suite}/${name}`, bytes)
    const sources = paragraph({
      Package: 'nginx',
      Format: '3.0 (quilt)',
      Version: `${version}-1`,
      Directory: `pool/${suite}`,
      Files: [...source]
        .map(([name, bytes]) => {
          const md5 = createHash('md5').update(bytes).digest('hex')
          return `\n ${md5} ${bytes.length} ${name}`
        })
        .join(''),
      'Checksums-Sha256': listOf(source),
    })
    const indexes = new Map([
      [`main/binary-${architecture}/Packages`, Buffer.from(entries.join(''))],
      ['main/source/Sources', Buffer.from(source.size === 0 ? '' : sources)],
    ])
    const release = Buffer.from(
      paragraph({
        Origin: 'Debian',
        Suite: suite,
        Codename: suite,
        Date: new Date().toUTCString(),
        Architectures: architecture,
        Components: 'main',
        SHA256: listOf(indexes),
      }).trimEnd(),
    )
    const message = await createMessage({ binary: release })
    const signature = await sign({ message, signingKeys, detached: true, format: 'armored' })
    const root = `/${archive}/dists/${suite}`
    for (const [path, bytes] of indexes) files.set(`${root}/${path}`, bytes)
    files.set(`${root}/Release`, release)
    files.set(`${root}/Release.gpg`, Buffer.from(signature))
  }

  for (const release of releases) {
    const version = nginxOf[release]
    const source = buildSource(version, dir)
    await addSuite('debian', release, packagesOf(release, fake), source, version)
    if (release === 'sid') continue
    const suite = `${release}-security`
    await addSuite('debian-security', suite, updates[release] ?? [], new Map(), version)
  }
  return { files, keyring: Buffer.from(key.publicKey.write()) }
}
