import type { Dialect, DialectName } from './dialect.ts'
import { haproxy } from './haproxy/index.ts'
import { httpd } from './httpd/index.ts'
import { nginx } from './nginx/index.ts'
import { notYet } from './not-yet.ts'
import { tomcat } from './tomcat/index.ts'

/** In the order in which artifacts are listed. A dialect is its folder, its templates, and its line here. */
export const dialects = {
  nginx,
  haproxy,
  httpd,
  tomcat,
  spring: notYet('spring'),
  php: notYet('php'),
  django: notYet('django'),
} satisfies Record<DialectName, Dialect>
