import {
  cluster,
  delta,
  inNginx,
  jvmRoute,
  mark,
  type Row,
  redisson,
  routed,
  servers,
  serverXml,
  tomcats,
} from './texts.ts'

/** Mistakes in files of a Tomcat, and between a Tomcat and its balancer. */
export const withTomcat: readonly Row[] = [
  [
    'route-unmatched',
    'write the same route in both files',
    [
      ...inNginx(routed(jvmRoute, `${mark}srun_id=c`), tomcats('jvmRoute="a"', 'jvmRoute="b"')),
      [
        'httpd',
        {
          'httpd.conf': `<Proxy balancer://shop>\n  BalancerMember http://10.0.0.1:8081 ${mark}route=c\n  BalancerMember http://10.0.0.1:8082 route=b\n  ProxySet stickysession=JSESSIONID|jsessionid\n</Proxy>\n`,
          ...tomcats('jvmRoute="a"', 'jvmRoute="b"'),
        },
      ],
      [
        'server.xml',
        { 'nginx.conf': routed(jvmRoute), 'two/conf/server.xml': serverXml(`jvmRoute="${mark}B"`) },
      ],
      [
        'nginx, two routes of one host swapped',
        {
          'nginx.conf': routed(jvmRoute, `${mark}srun_id=b`),
          'one/conf/server.xml': serverXml('jvmRoute="b"', 8083),
          'two/conf/server.xml': serverXml('jvmRoute="a"', 8082),
        },
      ],
    ],
  ],
  [
    'route-missing',
    'jvmRoute',
    [
      ...inNginx(
        routed(jvmRoute, '').replace('server 10.0.0.1:8082', `${mark}server 10.0.0.1:8082`),
      ),
      [
        'httpd',
        {
          'httpd.conf': `<Proxy balancer://shop>\n  BalancerMember http://10.0.0.1 route=a\n  ${mark}BalancerMember http://10.0.0.2\n  ProxySet stickysession=JSESSIONID|jsessionid\n</Proxy>\n`,
        },
      ],
      [
        'server.xml',
        {
          'nginx.conf': routed(jvmRoute),
          'one/conf/server.xml': serverXml('jvmRoute="a"', 8081),
          'two/conf/server.xml': serverXml('', 8082).replace('<Engine', `${mark}<Engine`),
        },
      ],
    ],
  ],
  [
    'route-repeated',
    'own jvmRoute',
    [['server.xml', tomcats('jvmRoute="a"', `jvmRoute="${mark}a"`)]],
  ],
  [
    'tomcat-idle-connections',
    'keepAliveTimeout',
    [
      [
        'server.xml',
        {
          'nginx.conf': `upstream shop { ${servers} }\n`,
          'conf/server.xml': serverXml('jvmRoute="a"').replace(
            '<Connector port="8080" keepAliveTimeout="90000"',
            `${mark}<Connector port="8080" connectionTimeout="20000"`,
          ),
        },
      ],
    ],
    '1.29.7',
  ],
  [
    'affinity-cookie-clash',
    'give the affinity cookie another name',
    [
      ...inNginx(`upstream shop {\n  sticky cookie ${mark}SHOPSID;\n  ${servers}\n}`, {
        'conf/context.xml': '<Context sessionCookieName="SHOPSID"/>',
      }),
      [
        'HAProxy',
        {
          'haproxy.cfg': `backend shop\n  cookie ${mark}SHOPSID insert\n  server a 10.0.0.1:80 cookie a\n`,
          'WEB-INF/web.xml':
            '<web-app><session-config><cookie-config><name>SHOPSID</name></cookie-config></session-config></web-app>',
        },
      ],
      [
        'httpd',
        {
          'httpd.conf': `Header add Set-Cookie ${mark}"SHOPSID=.%{BALANCER_WORKER_ROUTE}e; path=/"\n`,
          'META-INF/context.xml': '<Context sessionCookieName="SHOPSID"/>',
        },
      ],
    ],
  ],
  [
    'cookie-name-mismatch',
    'write the same name in both files',
    [
      [
        'context.xml',
        {
          'nginx.conf': routed(jvmRoute),
          'conf/context.xml': `<Context sessionCookieName="${mark}SHOPSID"/>`,
        },
      ],
      [
        'META-INF/context.xml',
        {
          'haproxy.cfg': 'backend b\n cookie JSESSIONID prefix\n',
          'shop/META-INF/context.xml': `<Context sessionCookieName="${mark}SHOPSID"/>`,
        },
      ],
      [
        'web.xml',
        {
          'httpd.conf':
            '<Proxy balancer://b>\nProxySet stickysession=JSESSIONID|jsessionid\n</Proxy>\n',
          'shop/WEB-INF/web.xml': `<web-app><session-config><cookie-config><name>${mark}SHOPSID</name></cookie-config></session-config></web-app>`,
        },
      ],
      [
        'server.xml',
        {
          'nginx.conf': routed(jvmRoute),
          'conf/server.xml': serverXml(
            'jvmRoute="a"',
            9,
            `<Context path="/shop" sessionCookieName="${mark}SHOPSID"/>`,
          ),
          'webapps/shop/WEB-INF/web.xml': '<web-app/>',
        },
      ],
    ],
  ],
  [
    'manager-overruled',
    '',
    [
      [
        'server.xml',
        {
          'conf/server.xml': serverXml('', 9, `<Context path="/a">${mark}${redisson}</Context>`),
          'conf/context.xml': '<Context><Manager pathname=""/></Context>',
        },
      ],
      [
        'server.xml, override',
        {
          'conf/server.xml': serverXml('', 9, `${mark}<Context path="/a" override="true"/>`),
          'conf/context.xml': `<Context>${redisson}</Context>`,
        },
      ],
      [
        'context.xml, two Managers',
        {
          'conf/context.xml': `<Context>${mark}<Manager pathname=""/><Manager pathname=""/></Context>`,
        },
      ],
      [
        'a context file',
        {
          'conf/server.xml': serverXml(''),
          'conf/context.xml': `<Context>${redisson}</Context>`,
          'conf/Catalina/localhost/shop.xml': `<Context>${mark}<Manager pathname=""/></Context>`,
        },
      ],
      [
        'context.xml.default',
        {
          'conf/server.xml': serverXml(''),
          'conf/context.xml': `<Context>${redisson}</Context>`,
          'conf/Catalina/localhost/context.xml.default': `<Context>${mark}<Manager ${delta}/></Context>`,
        },
      ],
      [
        'META-INF/context.xml',
        {
          'conf/server.xml': serverXml(''),
          'conf/context.xml': `<Context>${redisson}</Context>`,
          'webapps/shop/META-INF/context.xml': `<Context>${mark}<Manager pathname=""/></Context>`,
        },
      ],
      [
        'META-INF/context.xml that is not read',
        {
          'conf/server.xml': serverXml(''),
          'conf/Catalina/localhost/shop.xml': '<Context/>',
          'webapps/shop/META-INF/context.xml': `<Context>${mark}${redisson}</Context>`,
        },
      ],
    ],
  ],
  [
    'tomcat-not-distributable',
    '<distributable/>',
    [
      [
        'web.xml, for a context.xml',
        {
          'conf/context.xml': `<Context><Manager ${delta}/></Context>`,
          'shop/WEB-INF/web.xml': `${mark}<web-app/>`,
        },
      ],
      [
        'web.xml, for a server.xml',
        {
          'conf/server.xml': serverXml('', 9, '', cluster),
          'conf/web.xml': '<web-app/>',
          'webapps/shop/WEB-INF/web.xml': `${mark}<web-app/>`,
        },
      ],
    ],
  ],
  [
    'file-syntax',
    'write &amp;',
    [
      ['server.xml', { 'conf/server.xml': serverXml('').replace('"localhost"', `"a${mark}&b"`) }],
      ['context.xml', { 'conf/context.xml': `<Context docBase="a${mark}&b"/>` }],
    ],
  ],
]
