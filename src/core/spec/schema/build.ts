import * as z from 'zod'
import * as p from './primitives.ts'

const source = p.buildPath.describe(
  'a release, apt, a folder, a tarball, https://…/x.tar.gz#sha256=…, or a git URL with @TAG',
)

/** How `sessctl build-nginx` builds nginx for this spec. */
export const build = z
  .strictObject({
    version: p.appVersion
      .optional()
      .describe('the nginx release; default: the version of targets.nginx'),
    source: source.optional().describe('the nginx source; default: nginx.org'),
    modules: z
      .array(p.buildPath)
      .optional()
      .describe(
        'jvm_route, another known module (vts, headers-more, …), or a source; default: jvm_route',
      ),
    linkage: z
      .enum(['static', 'dynamic'])
      .default('static')
      .describe('static: modules are compiled in; dynamic: modules are shared objects'),
    openssl: source.optional().describe('OpenSSL source, linked statically'),
    pcre: source.optional().describe('PCRE source, linked statically'),
    zlib: source.optional().describe('zlib source, linked statically'),
    patches: z
      .array(p.buildPath)
      .default([])
      .describe('additional patches: files, or MODULE:FILE for a patch in the source of a module'),
    env: z
      .array(p.text)
      .default([])
      .describe('variables for configure and make, each as NAME=VALUE: LUAJIT_LIB=/usr/lib'),
    compiler: p.text.optional().describe('the C compiler; default: cc'),
    flags: z.array(p.buildPath).default([]).describe('additional arguments of configure'),
  })
  .optional()
  .describe('how sessctl build-nginx builds nginx for this spec')
