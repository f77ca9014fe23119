import type { CodeTable } from './diagnostics/diagnostic.ts'
import { djangoCodes } from './dialects/django/codes.ts'
import { haproxyCodes } from './dialects/haproxy/codes.ts'
import { httpdCodes } from './dialects/httpd/codes.ts'
import { nginxCodes } from './dialects/nginx/codes.ts'
import { phpCodes } from './dialects/php/codes.ts'
import { redisCodes } from './dialects/redis-limits.ts'
import { springCodes } from './dialects/spring/codes.ts'
import { tomcatCodes } from './dialects/tomcat/codes.ts'
import { fieldCodes } from './fields.ts'
import { lintCodes } from './lint/codes.ts'
import { storeCodes } from './lint/store-codes.ts'
import { modelCodes } from './model/codes.ts'
import { specCodes } from './spec/codes.ts'

/** Every code sessctl can report, by area: docs/rules.md is made from it and from fixtures/rules. */
export const catalogue = {
  'The spec file': specCodes,
  'Names and values': modelCodes,
  'Fields without effect': fieldCodes,
  Combinations: lintCodes,
  Tomcat: tomcatCodes,
  nginx: nginxCodes,
  HAProxy: haproxyCodes,
  'Apache httpd': httpdCodes,
  'Spring Session': springCodes,
  PHP: phpCodes,
  Django: djangoCodes,
  'Session stores': { ...storeCodes, ...redisCodes },
} as const satisfies Readonly<Record<string, CodeTable>>
