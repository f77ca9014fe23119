import { readHttpd } from '../../../src/core/config/httpd/tree.ts'
import { insideOnly } from '../../../src/core/outside.ts'
import { compile, readSpec, resolveSpec } from '../../../src/core/pipeline.ts'
import type { Read } from '../read.ts'

const specs = [
  { affinity: { method: 'jvm_route' } },
  { affinity: { method: 'sticky', by: 'cookie', cookie: 'SRV', onFailure: 'strict' } },
  { balance: 'least_conn', check: { uri: '/up', interval: '5s', expect: { status: [200] } } },
].map((upstream) =>
  resolveSpec(
    readSpec(
      'sessctl.yaml',
      JSON.stringify({
        version: 1,
        name: 'shop',
        targets: { httpd: { version: '2.4', base: 'h.conf' } },
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
      const files = new Map([['h.conf', text]])
      const input = { form: 'config', main: 'h.conf', files } as const
      return compile(resolved, insideOnly(new Map([['h.conf', input]])), null)
    }
    const [written] = edit(bytes).artifacts
    if (written === undefined) continue
    const { problems } = readHttpd(written.bytes)
    if (problems.length > 0) throw new Error(`the file is damaged: ${problems[0]?.message}`)
    const again = edit(written.bytes).artifacts[0]
    if (again?.text !== written.text) throw new Error('the edited file is edited again')
  }
}
