import { expect, test } from 'vitest'
import { canCheckSnippets } from '../../../src/core/validate/snippets.ts'
import { compileText } from '../../support/compile.ts'
import { snippetPlaces } from '../../support/snippet-levels.ts'

const canCheck = (place: string, snippet: string): boolean => {
  const found = snippetPlaces.find(({ name }) => name === place)
  const { cluster } = compileText(JSON.stringify(found?.spec(snippet)))
  if (found === undefined || cluster === null) throw new Error(`no cluster for ${place}`)
  return canCheckSnippets(cluster, found.dialect)
}

test.each([
  ['nginx server', '# see /etc/nginx\netag off;'],
  ['nginx http', 'limit_req_zone $binary_remote_addr zone=a:1m rate=5r/s;'],
  ['haproxy backend', 'fullconn 100'],
])('%s: the server checks %j', (place, snippet) => {
  expect(canCheck(place, snippet)).toBe(true)
})

test.each([
  ['nginx http', 'proxy_cache_path /var/cache/x keys_zone=x:1m;'],
  ['nginx server', 'error_log ../x;'],
  ['nginx server', 'error_log syslog:server=logs.internal;'],
  ['nginx server', 'error_log "/etc/x";'],
  ['haproxy frontend', 'acl a src -f list'],
  ['haproxy global', 'stats socket unix@/run/x'],
  ['haproxy global', 'log logs.internal local0'],
  ['httpd host', 'ErrorLog "|/bin/x"'],
])('%s: the server is not asked about %j, which names a file or a host', (place, snippet) => {
  expect(canCheck(place, snippet)).toBe(false)
})
