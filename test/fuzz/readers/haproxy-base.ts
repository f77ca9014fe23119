import { readHaproxy } from '../../../src/core/config/haproxy/config.ts'
import { insideOnly } from '../../../src/core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import type { Read } from '../read.ts'

const specs = [
  { affinity: { method: 'ip_hash' } },
  { affinity: { method: 'jvm_route' } },
  { affinity: { method: 'sticky', by: 'cookie', cookie: 'SRV', onFailure: 'strict' } },
  {
    affinity: {
      ...{ method: 'sticky', by: 'learn' },
      ...{ create: '$upstream_cookie_SID', lookup: '$cookie_SID' },
    },
    balance: 'least_conn',
    check: { uri: '/up', interval: '5s' },
  },
].map((upstream) =>
  resolveSpec(
    readSpec(
      'sessctl.yaml',
      JSON.stringify({
        version: 1,
        name: 'shop',
        targets: { haproxy: { version: '3.0', base: 'h.cfg' } },
        upstreams: { shop: { servers: { a: '10.0.0.1:8080', b: '10.0.0.9:8080' }, ...upstream } },
      }),
    ),
    {},
  ),
)

/** The input as an existing file, which is edited. What is written can be read, and is edited no more. */
export const read: Read = (bytes) => {
  for (const resolved of specs) {
    const edit = (text: Uint8Array) => {
      const input = { form: 'config', main: 'h.cfg', files: new Map([['h.cfg', text]]) } as const
      return compile(resolved, insideOnly(new Map([['h.cfg', input]])), null)
    }
    const [written] = edit(bytes).artifacts
    if (written === undefined) continue
    const { problems } = readHaproxy(written.bytes)
    if (problems.length > 0) throw new Error(`the file is damaged: ${problems[0]?.message}`)
    const again = edit(written.bytes).artifacts[0]
    if (again?.text !== written.text) throw new Error('the edited file is edited again')
  }
}
