import { asked, type KnownModule, known, proof } from './row.ts'

const rewrite = ['ngx_http_rewrite_module']

/** Modules of OpenResty, and what they are built on. */
export const openrestyModules: Readonly<Record<string, KnownModule>> = {
  ndk: known({
    url: 'https://github.com/vision5/ngx_devel_kit.git',
    ref: 'v0.3.4',
    what: 'the Nginx Development Kit, which other modules are built on',
    proof: proof({ module: 'ndk_http_module' }),
  }),
  'set-misc': known({
    url: 'https://github.com/openresty/set-misc-nginx-module.git',
    ref: 'v0.33',
    what: 'set directives for hashes, encodings and quoting',
    after: ['ndk'],
    notWith: ['--without-http_rewrite_module'],
    proof: proof({
      module: 'ngx_http_set_misc_module',
      needs: rewrite,
      locations: { '': ['set_md5 $sessctl_md5 sessctl;', 'return 200 $sessctl_md5;'] },
      questions: [asked({ body: 'efa265f36ad08a606663212759aac71d' })],
    }),
  }),
  lua: known({
    url: 'https://github.com/openresty/lua-nginx-module.git',
    ref: 'v0.10.28',
    what: 'Lua in nginx; nginx starts only if Lua finds lua-resty-core and lua-resty-lrucache',
    after: ['ndk'],
    environment: {
      LUAJIT_INC: 'the folder of luajit.h',
      LUAJIT_LIB: 'the folder of libluajit-5.1',
      LUA_PATH: 'where the smoke test finds lua-resty-core: /usr/share/lua/5.1/?.lua;;',
    },
    libraries: [
      { what: 'LuaJIT', debian: 'libluajit-5.1-dev', rpm: 'luajit-devel' },
      {
        what: 'lua-resty-core and lua-resty-lrucache',
        debian: 'lua-resty-core lua-resty-lrucache',
        rpm: 'lua-resty-core lua-resty-lrucache',
      },
    ],
    proof: proof({
      module: 'ngx_http_lua_module',
      locations: { '': ['content_by_lua_block { ngx.say("sessctl ", jit.version) }'] },
      questions: [asked({ body: 'sessctl LuaJIT' })],
    }),
  }),
  'headers-more': known({
    url: 'https://github.com/openresty/headers-more-nginx-module.git',
    ref: 'v0.39',
    what: 'sets and clears any header',
    proof: proof({
      module: 'ngx_http_headers_more_filter_module',
      locations: {
        '': ['more_set_headers "Server: sessctl";', 'alias "@folder@/sessctl.txt";'],
      },
      questions: [asked({ header: ['server', 'sessctl'] })],
    }),
  }),
  echo: known({
    url: 'https://github.com/openresty/echo-nginx-module.git',
    ref: 'v0.65',
    what: 'echo and other directives for tests and subrequests',
    proof: proof({
      module: 'ngx_http_echo_module',
      locations: { '': ['echo "sessctl $echo_request_method";'] },
      questions: [asked({ body: 'sessctl GET' })],
    }),
  }),
}
