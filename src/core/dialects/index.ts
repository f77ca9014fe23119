import type { Dialect, DialectName } from './dialect.ts'
import { django } from './django/index.ts'
import { haproxy } from './haproxy/index.ts'
import { httpd } from './httpd/index.ts'
import { nginx } from './nginx/index.ts'
import { php } from './php/index.ts'
import { spring } from './spring/index.ts'
import { tomcat } from './tomcat/index.ts'

/** In the order in which artifacts are listed. */
export const dialects = {
  nginx,
  haproxy,
  httpd,
  tomcat,
  spring,
  php,
  django,
} satisfies Record<DialectName, Dialect>
