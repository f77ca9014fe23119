import * as z from 'zod'
import * as p from './primitives.ts'

const source = p.buildPath.describe(
  'a release, apt, a folder, a tarball, https://…/x.tar.gz#sha256=…, or a git address with @TAG',
)

/** How `sessctl build-nginx` makes the nginx that this spec is for. */
export const build = z
  .strictObject({
    version: p.appVersion.optional().describe('the release of nginx; else that of targets.nginx'),
    source: source.optional().describe('where nginx comes from, when not from nginx.org'),
    modules: z
      .array(p.buildPath)
      .optional()
      .describe('jvm_route, a known name (vts, headers-more, …), or any source; else jvm_route'),
    linkage: z
      .enum(['static', 'dynamic'])
      .default('static')
      .describe('modules are built in, or are shared objects'),
    openssl: source.optional().describe('an OpenSSL that is linked statically'),
    pcre: source.optional().describe('a PCRE that is linked statically'),
    zlib: source.optional().describe('a zlib that is linked statically'),
    patches: z
      .array(p.buildPath)
      .default([])
      .describe('more patches: files, or MODULE:FILE for one that a module brings'),
    compiler: p.text.optional().describe('the C compiler, when not cc'),
    flags: z.array(p.buildPath).default([]).describe('more arguments for configure'),
  })
  .optional()
  .describe('how sessctl build-nginx makes the nginx of this spec')
