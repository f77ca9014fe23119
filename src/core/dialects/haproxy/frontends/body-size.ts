import { atValue } from '../../../diagnostics/diagnostic.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { type HttpSettings, valuesOf } from '../../../model/http-settings.ts'
import { formatSize } from '../../../model/size.ts'
import { report } from '../codes.ts'
import type { Context } from '../context.ts'
import { explained, type Rule, rule } from '../rules.ts'

/** HAProxy compares what a request announces: it does not count the bytes of a chunked body. */
export const bodySizeRules = ({ maxBodySize }: HttpSettings): readonly Rule[] => {
  if (maxBodySize === null || maxBodySize === 'unlimited') return []
  return explained(`request bodies of at most ${formatSize(maxBodySize)}, with a known length`, [
    rule({ denyStatus: 413 }, ['{', 'req.hdr_val(content-length)', 'gt', String(maxBodySize), '}']),
    rule({ returnStatus: 411 }, ['{', 'req.hdr(transfer-encoding)', '-m', 'found', '}']),
  ])
}

/** Reports once for a frontend that requests without a length are refused. */
export const noteChunkedBodies = (frontend: Frontend, { findings }: Context): void => {
  const limited = valuesOf(frontend, 'maxBodySize').find(({ value }) => value !== 'unlimited')
  if (limited === undefined) return
  report(
    findings,
    'haproxy-chunked-body',
    atValue(limited.path),
    'HAProxy rejects requests with a body and without Content-Length (Transfer-Encoding: chunked) with 411: it cannot count their bytes',
    'set "maxBodySize: unlimited" in locations that receive such requests, and limit them in the application',
  )
}
