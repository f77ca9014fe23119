import { readNginx } from '../../../src/core/config/nginx/tree.ts'
import { editedBase } from '../edited-base.ts'

export const read = editedBase(
  { nginx: { version: '1.30.3' } },
  [
    { affinity: { method: 'ip_hash' } },
    { affinity: { method: 'jvm_route', via: 'maps' } },
    {
      affinity: { method: 'sticky', by: 'cookie', cookie: 'SRV' },
      balance: 'least_conn',
      keepalive: 4,
    },
  ],
  readNginx,
)
