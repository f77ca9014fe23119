import { readHaproxy } from '../../../src/core/config/haproxy/config.ts'
import { editedBase } from '../edited-base.ts'

export const read = editedBase(
  { haproxy: { version: '3.0' } },
  [
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
  ],
  readHaproxy,
)
