import { asked, type KnownModule, known, proof } from './row.ts'

/** Modules that decide about a request, or know more about the client. */
export const accessModules: Readonly<Record<string, KnownModule>> = {
  modsecurity: known({
    url: 'https://github.com/owasp-modsecurity/ModSecurity-nginx.git',
    ref: 'v1.0.3',
    what: 'the connector of ModSecurity, a web application firewall',
    // libmodsecurity brings Lua 5.3: loaded first, its functions are called in place of those of LuaJIT,
    // and nginx aborts.
    behind: ['lua'],
    environment: {
      MODSECURITY_INC: 'the folder of modsecurity/modsecurity.h',
      MODSECURITY_LIB: 'the folder of libmodsecurity',
      NGX_IGNORE_RPATH: 'YES: the folder of libmodsecurity is not written into the module',
      YAJL_LIB: 'the folder of libyajl',
    },
    libraries: [
      { what: 'ModSecurity 3', debian: 'libmodsecurity-dev', rpm: 'libmodsecurity-devel' },
    ],
    proof: proof({
      module: 'ngx_http_modsecurity_module',
      locations: {
        '': [
          'modsecurity on;',
          `modsecurity_rules 'SecRuleEngine On\n  SecRule ARGS:sessctl "@streq attack" "id:1,phase:1,deny,status:403"';`,
          'alias "@folder@/sessctl.txt";',
        ],
      },
      questions: [asked({ body: 'sessctl' }), asked({ path: '?sessctl=attack', status: 403 })],
    }),
  }),
  geoip2: known({
    url: 'https://github.com/leev/ngx_http_geoip2_module.git',
    ref: '3.4',
    what: 'the country and city of the client, from a MaxMind database',
    libraries: [{ what: 'libmaxminddb', debian: 'libmaxminddb-dev', rpm: 'libmaxminddb-devel' }],
    proof: proof({
      module: 'ngx_http_geoip2_module',
      http: [
        'geoip2 "@folder@/sessctl.mmdb" { $sessctl_country source=$remote_addr country iso_code; }',
      ],
      locations: {
        '': ['add_header X-Sessctl $sessctl_country;', 'alias "@folder@/sessctl.txt";'],
      },
      questions: [asked({ header: ['x-sessctl', 'DE'] })],
    }),
  }),
  'auth-ldap': known({
    url: 'https://github.com/kvspb/nginx-auth-ldap.git',
    ref: '241200eac8e4acae74d353291bd27f79e5ca3dc4',
    what: 'authentication by an LDAP server',
    libraries: [{ what: 'OpenLDAP', debian: 'libldap-dev', rpm: 'openldap-devel' }],
    proof: proof({
      module: 'ngx_http_auth_ldap_module',
      http: [
        'ldap_server sessctl { url "ldap://127.0.0.1:@one@/dc=example?uid?sub"; require valid_user; }',
      ],
      locations: {
        '': ['auth_ldap sessctl;', 'auth_ldap_servers sessctl;', 'alias "@folder@/sessctl.txt";'],
      },
      questions: [asked({ status: 401, header: ['www-authenticate', 'sessctl'] })],
    }),
  }),
}
