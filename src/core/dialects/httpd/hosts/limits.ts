import { notFollowed } from '../../../fields.ts'
import type { Frontend } from '../../../model/cluster.ts'
import { usedLimits } from '../../../model/limits.ts'
import type { Context } from '../context.ts'

/** Modules of other authors (mod_qos, mod_evasive) count the requests of a client. */
export const noteLimits = (frontend: Frontend, { findings }: Context): void => {
  for (const { path } of usedLimits([frontend]))
    notFollowed(
      findings,
      path,
      'httpd',
      'no module of httpd counts the requests of a client; MaxRequestWorkers limits all clients together',
      'install mod_qos and set QS_SrvMaxConnPerIP and QS_ClientEventPerSecLimit in httpd.conf, or put nginx or HAProxy in front of httpd',
    )
}
