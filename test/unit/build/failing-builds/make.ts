import { firstError } from '../../../../src/build-nginx/core/compile-error.ts'

export const compileError = (line: string) =>
  firstError(['cc -c x.c', line, 'make: *** [objs/Makefile:1: x.o] Error 1'])

/** What the compiler or the linker wrote, the file that it names, and what the remedy must have. */
export const makeFailures: readonly (readonly [string, string | null, RegExp])[] = [
  [
    "src/os/unix/ngx_user.c:36:7: error: 'struct crypt_data' has no member named 'current_salt'",
    'src/os/unix/ngx_user.c',
    /compat patch/,
  ],
  [
    '../modules/x/a.c:3:1: error: this statement may fall through [-Werror=implicit-fallthrough=]',
    '../modules/x/a.c',
    /-Wno-error=implicit-fallthrough/,
  ],
  ['a.c:3:1: error: unused [-Werror,-Wunused-variable]', 'a.c', /-Wno-error=unused-variable/],
  ['a.c:3:10: fatal error: lualib.h: No such file or directory', 'a.c', /libluajit-5\.1-dev/],
  ['a.c:3:10: fatal error: ndk.h: No such file or directory', 'a.c', /ndk before this one/],
  ['a.c:3:10: fatal error: odd.h: No such file or directory', 'a.c', /package that has odd\.h/],
  [
    "../modules/x/a.c:9:8: error: 'ngx_http_upstream_srv_conf_t' has no member named 'shm_zone'",
    '../modules/x/a.c',
    /for another release of nginx/,
  ],
  [
    "../modules/x/a.c:9:8: error: too few arguments to function 'ngx_http_set_header'",
    '../modules/x/a.c',
    /for another release of nginx/,
  ],
  [
    "src/event/ngx_event_openssl.c:9:8: error: dereferencing pointer to incomplete type 'SSL'",
    'src/event/ngx_event_openssl.c',
    /older than the installed library/,
  ],
  [
    "a.c:9:8: error: implicit declaration of function 'SSL_CTX_set_ciphersuites'",
    'a.c',
    /--openssl/,
  ],
  ['gcc: fatal error: Killed signal terminated program cc1', null, /--jobs 1/],
  ['/usr/bin/ld: cannot find -lpcre2-8: No such file or directory', null, /libpcre2-8/],
  ["/usr/bin/ld: objs/x.o: undefined reference to `f'", null, /library is missing/],
  ['a.c:1: error: cannot write: No space left on device', 'a.c', /free space/],
  [
    "{standard input}: Fatal error: can't write 3888 bytes to section .debug_info: 'No space left on device'",
    null,
    /free space/,
  ],
]
