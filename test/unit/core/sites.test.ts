import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { compileText } from '../../support/compile.ts'

const folder = fileURLToPath(new URL('../../../fixtures/sites/', import.meta.url))
const sites = readdirSync(folder).sort()

/** HAProxy serves no files. */
const withFiles = 'manuals.yaml'

test('there are twelve sites, and one that serves files', () => {
  expect(sites.filter((file) => file !== withFiles)).toHaveLength(12)
})

/** Warnings that are true of a site on nginx 1.26, HAProxy 3.0 and httpd 2.4. */
const expected = new Set([
  // nginx without its paid health checks, and without sticky sessions before 1.29.6.
  ...['nginx-check-passive', 'nginx-as-userid', 'nginx-status-connections', 'nginx-maps-backup'],
  // One timeout for a whole virtual host of httpd, and one for tunnels and answers in nginx.
  'field-not-followed',
  ...['slow-answer-moves-sessions', 'httpd-max-conns', 'file-store-network'],
])

test.each(sites)('%s is a spec for each proxy that can follow it', (file) => {
  const { artifacts, diagnostics } = compileText(readFileSync(join(folder, file), 'utf8'))
  expect(
    diagnostics
      .filter(({ code, severity }) => severity !== 'info' && !expected.has(code))
      .map(({ code, location, message }) => `${location.line} ${code}: ${message}`),
  ).toEqual([])
  expect([...new Set(artifacts.map(({ dialect }) => dialect))]).toEqual(
    expect.arrayContaining(['nginx', 'httpd', ...(file === withFiles ? [] : ['haproxy'])]),
  )
})
