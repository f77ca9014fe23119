import { readHttpd } from '../../../src/core/config/httpd/tree.ts'
import { editedBase } from '../edited-base.ts'

export const read = editedBase(
  { httpd: { version: '2.4' } },
  [
    { affinity: { method: 'jvm_route' } },
    { affinity: { method: 'sticky', by: 'cookie', cookie: 'SRV', onFailure: 'strict' } },
    { balance: 'least_conn', check: { uri: '/up', interval: '5s', expect: { status: [200] } } },
  ],
  readHttpd,
)
