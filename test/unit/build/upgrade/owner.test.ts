import { expect, test } from 'vitest'
import { dpkgSearch, ownerAdvice } from '../../../../src/build-nginx/core/install/owner.ts'

test.each([
  ['nginx: /usr/sbin/nginx\n', { package: 'nginx', isDiverted: false }],
  [
    'libnginx-mod-stream:amd64: /usr/lib/nginx/modules/a.so\n',
    { package: 'libnginx-mod-stream', isDiverted: false },
  ],
  ['nginx-core, nginx-light: /usr/sbin/nginx\n', { package: 'nginx-core', isDiverted: false }],
  [
    'local diversion from: /usr/sbin/nginx\nlocal diversion to: /usr/sbin/nginx.distrib\nnginx: /usr/sbin/nginx\n',
    { package: 'nginx', isDiverted: true },
  ],
  [
    'diversion by other from: /usr/sbin/nginx\ndiversion by other to: /usr/sbin/nginx.other\nnginx: /usr/sbin/nginx\n',
    { package: 'nginx', isDiverted: true },
  ],
  ['', null],
])('dpkg-query says %j', (said, found) => {
  expect(dpkgSearch(said)).toEqual(found)
})

test('the advice for rpm, and none for a package that is held', () => {
  const owner = { package: 'nginx', listed: '/usr/sbin/nginx', isKept: false } as const
  expect(ownerAdvice('/usr/sbin/nginx', { ...owner, manager: 'rpm' })?.help).toContain(
    'dnf versionlock add nginx',
  )
  expect(ownerAdvice('/usr/sbin/nginx', { ...owner, manager: 'dpkg', isKept: true })).toBeNull()
})
