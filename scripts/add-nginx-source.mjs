#!/usr/bin/env node
// Brings the source of any release of nginx beside those of scripts/install-servers, to build and test
// the module on it by hand.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { serversDir } from './nginx/places.mjs'

const usage = `usage: scripts/add-nginx-source.mjs GIT VERSION...

Takes the releases VERSION out of the git repository GIT (of nginx), so that build-test-nginx.mjs
builds them, below $SESSCTL_SERVERS. Then, e.g. for 1.31.4:

  scripts/build-test-nginx.mjs 1.31
  SESSCTL_MODULE_RELEASES=1.31 npx vitest run test/module -t 'nginx 1.31'

exit code: 0 there, 2 usage
`

const add = (git, version) => {
  const short = version.split('.').slice(0, 2).join('.')
  const root = `git-nginx-${short}`
  const dir = join(serversDir(), 'roots', root)
  const archive = ['archive', `--prefix=nginx-${version}/`, `release-${version}`]
  const tarball = gzipSync(execFileSync('git', ['-C', git, ...archive], { maxBuffer: 1 << 28 }))
  mkdirSync(dir, { recursive: true })
  mkdirSync(join(serversDir(), 'sets'), { recursive: true })
  writeFileSync(join(dir, `nginx_${version}.orig.tar.gz`), tarball)
  const sum = createHash('sha256').update(tarball).digest('hex')
  const stamp = `# sha256 ${sum}\nnginx-source-${short}\t${version}\tgit\troots/${root}\n`
  writeFileSync(join(serversDir(), 'sets', `${root}.tsv`), stamp)
  process.stdout.write(`nginx-source-${short} ${version} ${dir}\n`)
}

const [git, ...versions] = process.argv.slice(2)
const isUsed = versions.length > 0 && versions.every((version) => /^\d+\.\d+\.\d+$/.test(version))
if (isUsed) for (const version of versions) add(git, version)
else {
  process.stdout.write(usage)
  process.exitCode = git === '--help' ? 0 : 2
}
