import type { CodeTable } from './diagnostics/diagnostic.ts'
import { djangoCodes } from './dialects/django/codes.ts'
import { haproxyBaseCodes } from './dialects/haproxy/base/codes.ts'
import { haproxyCodes } from './dialects/haproxy/codes.ts'
import { httpdBaseCodes } from './dialects/httpd/base/codes.ts'
import { httpdCodes } from './dialects/httpd/codes.ts'
import { nginxBaseCodes } from './dialects/nginx/base/codes.ts'
import { nginxCodes } from './dialects/nginx/codes.ts'
import { phpCodes } from './dialects/php/codes.ts'
import { redisCodes } from './dialects/redis-limits.ts'
import { springCodes } from './dialects/spring/codes.ts'
import { tomcatCodes } from './dialects/tomcat/codes.ts'
import { fieldCodes } from './fields.ts'
import { importCodes } from './import/codes.ts'
import { lintCodes } from './lint/codes.ts'
import { storeCodes } from './lint/store-codes.ts'
import { fileCodes } from './linting/files/codes.ts'
import { modelCodes } from './model/codes.ts'
import { snippetCodes } from './snippets/codes.ts'
import { pathCodes, specCodes } from './spec/codes.ts'

/** The codes of one area, and their page below docs/rules/. */
export interface CodeArea {
  readonly title: string
  readonly page: string
  readonly codes: CodeTable
}

/** Every code that sessctl can report. docs/rules/ is made from it and from fixtures/rules. */
export const codeAreas: readonly CodeArea[] = [
  { title: 'The spec file', page: 'spec-file.md', codes: { ...specCodes, ...pathCodes } },
  { title: 'Names and values', page: 'names-and-values.md', codes: modelCodes },
  { title: 'Fields without effect', page: 'fields.md', codes: fieldCodes },
  { title: 'Snippets', page: 'snippets.md', codes: snippetCodes },
  { title: 'Combinations', page: 'combinations.md', codes: lintCodes },
  { title: 'Existing files', page: 'existing-files.md', codes: fileCodes },
  { title: 'Import', page: 'import.md', codes: importCodes },
  { title: 'Tomcat', page: 'tomcat.md', codes: tomcatCodes },
  { title: 'nginx', page: 'nginx.md', codes: { ...nginxCodes, ...nginxBaseCodes } },
  { title: 'HAProxy', page: 'haproxy.md', codes: { ...haproxyCodes, ...haproxyBaseCodes } },
  { title: 'Apache httpd', page: 'httpd.md', codes: { ...httpdCodes, ...httpdBaseCodes } },
  { title: 'Spring Session', page: 'spring.md', codes: springCodes },
  { title: 'PHP', page: 'php.md', codes: phpCodes },
  { title: 'Django', page: 'django.md', codes: djangoCodes },
  { title: 'Session stores', page: 'session-stores.md', codes: { ...storeCodes, ...redisCodes } },
]

/** Where a code is documented; null for one that is not in the catalogue. */
export const areaOf = (code: string): CodeArea | null =>
  codeAreas.find(({ codes }) => Object.hasOwn(codes, code)) ?? null

export const allCodes: readonly string[] = codeAreas.flatMap(({ codes }) => Object.keys(codes))
