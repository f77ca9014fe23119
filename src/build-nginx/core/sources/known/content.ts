import { asked, type KnownModule, known, proof } from './row.ts'

const compressed = (name: string, encoding: string) =>
  proof({
    module: `ngx_http_${name}_filter_module`,
    locations: {
      '': [
        `${name} on;`,
        `${name}_types *;`,
        `${name}_min_length 20;`,
        'alias "@folder@/sessctl.txt";',
      ],
    },
    questions: [
      asked({
        headers: { 'Accept-Encoding': encoding },
        header: ['content-encoding', encoding],
      }),
    ],
  })

/** Modules that make responses or change their bodies. */
export const contentModules: Readonly<Record<string, KnownModule>> = {
  brotli: known({
    url: 'https://github.com/google/ngx_brotli.git',
    ref: 'a71f9312c2deb28875acc7bacfdd5695a111aa53',
    what: 'compression with brotli',
    libraries: [{ what: 'brotli', debian: 'libbrotli-dev', rpm: 'brotli-devel' }],
    submodules: ['deps/brotli'],
    notWith: ['--without-http_gzip_module'],
    proof: compressed('brotli', 'br'),
  }),
  zstd: known({
    url: 'https://github.com/tokers/zstd-nginx-module.git',
    ref: '0.1.1',
    what: 'compression with Zstandard',
    environment: {
      ZSTD_INC: 'the folder of zstd.h',
      ZSTD_LIB:
        'the folder of libzstd.a, for --dynamic made with -fPIC; without it, libzstd.so is used',
    },
    libraries: [{ what: 'Zstandard', debian: 'libzstd-dev', rpm: 'libzstd-devel' }],
    notWith: ['--without-http_gzip_module'],
    proof: compressed('zstd', 'zstd'),
  }),
  njs: known({
    url: 'https://github.com/nginx/njs.git',
    ref: '0.9.4',
    folder: 'nginx',
    what: 'JavaScript in nginx',
    // Its config leaves ngx_feature_name set to NJS_HAVE_QUICKJS, which the next check would define.
    behind: ['zstd', 'geoip2', 'modsecurity', 'lua'],
    environment: {
      NJS_LIBXSLT: 'NO: without the xml module, which needs libxslt',
      NJS_OPENSSL: 'NO: without the crypto modules, which need OpenSSL',
      NJS_QUICKJS: 'NO: without the engine QuickJS',
      NJS_ZLIB: 'NO: without the zlib module',
    },
    libraries: [
      { what: 'libxslt', debian: 'libxslt1-dev', rpm: 'libxslt-devel' },
      { what: 'OpenSSL', debian: 'libssl-dev', rpm: 'openssl-devel' },
    ],
    proof: proof({
      module: 'ngx_http_js_module',
      http: ['js_import sessctl from "@folder@/sessctl.js";'],
      locations: { '': ['js_content sessctl.answer;'] },
      questions: [asked({ body: 'sessctl njs' })],
    }),
  }),
  rtmp: known({
    url: 'https://github.com/arut/nginx-rtmp-module.git',
    ref: 'v1.2.2',
    what: 'RTMP, HLS and DASH streaming',
    libraries: [{ what: 'OpenSSL', debian: 'libssl-dev', rpm: 'openssl-devel' }],
    proof: proof({
      module: 'ngx_rtmp_module',
      main: ['rtmp { }'],
      locations: { '': ['rtmp_stat all;'] },
      questions: [asked({ body: '<nginx_rtmp_version>' })],
    }),
  }),
  'cache-purge': known({
    url: 'https://github.com/nginx-modules/ngx_cache_purge.git',
    ref: '2.5.6',
    what: 'removes responses from the cache of nginx',
    proof: proof({
      module: 'ngx_http_cache_purge_module',
      needs: ['ngx_http_proxy_module'],
      http: ['proxy_cache_path "@folder@/purge" keys_zone=sessctl_purge:1m;'],
      locations: {
        fill: [
          'proxy_pass http://127.0.0.1:@one@;',
          'proxy_cache sessctl_purge;',
          'proxy_cache_key sessctl;',
          'proxy_cache_valid any 1m;',
        ],
        '': ['proxy_cache_purge sessctl_purge sessctl;'],
      },
      questions: [asked({ path: 'fill', body: 'one' }), asked({ body: 'uccessful' })],
    }),
  }),
}
