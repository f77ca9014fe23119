import { expect, test } from 'vitest'
import { startBalancer } from './support/balancer.ts'
import { overVariants } from './support/over-variants.ts'
import { route } from './support/pinned.ts'
import type { Status } from './support/status.ts'
import { members } from './support/upstream.ts'

/** The bytes of a name as latin1, and how a page shows it that must be UTF-8. */
const names: readonly (readonly [bytes: string, shown: string])[] = [
  ['\xe9', '\\xE9'],
  ['a\xffb', 'a\\xFFb'],
  ['\xc3\xa9', '\u00e9'],
  ['\xe2\x82', '\\xE2\\x82'],
  ['\xc0\xaf', '\\xC0\\xAF'],
  ['\xed\xa0\x80', '\\xED\\xA0\\x80'],
  ['\xf0\x9f\x98\x80', '\u{1f600}'],
  ['\xf4\x90\x80\x80', '\\xF4\\x90\\x80\\x80'],
  ['x\xf0\x9f\x98', 'x\\xF0\\x9F\\x98'],
  ['\xe9'.repeat(64), '\\xE9'.repeat(64)],
]

overVariants('some', (variant) => {
  test('bytes that are not UTF-8 in the names of upstreams, routes and addresses', async () => {
    const servers = members(
      variant,
      names.map(([bytes], index) => ({ at: `unix:/${index}${bytes}`, id: bytes })),
    )
    const pages = ['text', 'json', 'prometheus'].map(
      (format) => `location /${format} { jvm_route_status up\xe9\xc3\xa9 ${format}; }`,
    )
    const http = `
      upstream up\xe9\xc3\xa9 { ${[...servers, route].join('\n')} }
      server { listen 127.0.0.1:$port; server_name page; ${pages.join(' ')} }`
    const balancer = await startBalancer(variant, { upstreams: {}, http, encoding: 'latin1' })

    const page = async (format: string): Promise<string> => {
      const { status, body } = await balancer.ask('page', { path: `/${format}` })
      expect(status, body).toBe(200)
      return body
    }
    const json = await page('json')
    expect(json).not.toContain('\ufffd')
    const { upstream, servers: rows } = JSON.parse(json) as Status
    expect(upstream).toBe('up\\xE9\u00e9')
    expect(rows.map(({ srun_id: id }) => id)).toEqual(names.map(([, shown]) => shown))
    expect(rows.map(({ address }) => address)).toEqual(
      names.map(([, shown], index) => `unix:/${index}${shown}`),
    )

    const prometheus = await page('prometheus')
    expect(prometheus).not.toContain('\ufffd')
    for (const [index, [, shown]] of names.entries()) {
      const label = shown.replaceAll('\\', '\\\\')
      expect(prometheus).toContain(
        `{upstream="up\\\\xE9\u00e9",server="unix:/${index}${label}",srun_id="${label}",`,
      )
    }
    expect(await page('text')).toMatch(/^upstream up/)
  })
})
