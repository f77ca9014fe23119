import { describe, expect, test } from 'vitest'
import { checkConfig, checkUpstream } from './support/config-check.ts'
import { isFrom, overVariants } from './support/over-variants.ts'
import { route } from './support/pinned.ts'
import { member, members } from './support/upstream.ts'

const [one, two] = ['127.0.0.1:81', '127.0.0.1:82']

overVariants('everywhere', (variant) => {
  const servers = members(variant, [
    { at: one, id: 'a' },
    { at: two, id: 'b' },
  ])

  /** It stops nginx with one message, which matches, and names the place. */
  const expectRefusal = async (app: readonly string[], message: RegExp): Promise<void> => {
    const { exitCode, messages, output } = await checkUpstream(variant, app)
    expect(exitCode, output).toBe(1)
    expect(messages.filter((line) => line.startsWith('[emerg]'))).toHaveLength(1)
    expect(messages.at(-1)).toMatch(message)
    expect(messages.at(-1)).toMatch(/^\[emerg\] .* in \/nginx\.conf:\d+/)
  }

  const expectNoComplaint = async (app: readonly string[]): Promise<void> => {
    const { exitCode, messages, output } = await checkUpstream(variant, app)
    expect(messages, output).toEqual([])
    expect(exitCode, output).toBe(0)
  }

  describe('refused', () => {
    const methods = [
      'least_conn;',
      'ip_hash;',
      'hash $http_x_key;',
      'hash $http_x_key consistent;',
      ...(isFrom(variant, '1.15.1') ? ['random;', 'random two least_conn;'] : []),
      ...(isFrom(variant, '1.31.0') ? ['least_time header;'] : []),
    ]
    test.for(methods)('after jvm_route: %s', async (method) => {
      await expectRefusal([...servers, route, method], /jvm_route/)
      await expectRefusal([route, method, ...servers], /jvm_route/)
    })

    test('jvm_route twice', async () => {
      await expectRefusal([...servers, route, route], /"jvm_route".*duplicate/)
      await expectRefusal([route, ...servers, 'jvm_route $cookie_X;'], /"jvm_route".*duplicate/)
    })

    test.for(['forward', 'Reverse', 'reversed', 'rev', 'strictly', '""', 'sid', '$cookie_X'])(
      'an unknown argument: %s',
      async (word) => {
        const named = word === '""' ? '' : word.replace('$', '\\$')
        const message = new RegExp(`"${named}"`)
        await expectRefusal([...servers, `jvm_route $cookie_JSESSIONID ${word};`], message)
        await expectRefusal([...servers, `jvm_route $cookie_JSESSIONID reverse ${word};`], message)
      },
    )

    test.for(['reverse reverse', 'strict strict', 'reverse strict reverse', 'reverse strict x y'])(
      'too many arguments: %s',
      (words) =>
        expectRefusal(
          [...servers, `jvm_route $cookie_JSESSIONID ${words};`],
          /jvm_route|"reverse"|"strict"/,
        ),
    )

    test.for([
      'JSESSIONID',
      '$arg_session',
      '$cookie_',
      '$cookie_|jsessionid',
      'cookie_JSESSIONID',
      '$http_cookie',
      '$cookie_JSESSIONID|',
      '""',
      'reverse',
    ])('a session that is not a cookie: %s', (session) =>
      expectRefusal([...servers, `jvm_route ${session} reverse;`], /jvm_route|cookie/),
    )

    test('jvm_route without an argument', () =>
      expectRefusal([...servers, 'jvm_route;'], /invalid number of arguments in "jvm_route"/))

    test('an id over 64 bytes', async () => {
      const [longest, longer] = ['n'.repeat(64), 'n'.repeat(65)]
      await expectNoComplaint([...member(variant, { at: one, id: longest }), route])
      await expectRefusal(
        [...member(variant, { at: one, id: longer }), route],
        /srun_id.*64|64.*srun_id/,
      )
    })

    test('the same id on different servers', async () => {
      const same = members(variant, [
        { at: one, id: 'a' },
        { at: two, id: 'a' },
      ])
      await expectRefusal([...same, route], /"a"/)
      await expectRefusal([route, ...same], /"a"/)
    })

    test('the same id on two backups', async () => {
      const same = members(variant, [
        { at: '127.0.0.1:80', id: 'x' },
        { at: one, id: 'a', more: 'backup' },
        { at: two, id: 'a', more: 'backup' },
      ])
      const { exitCode, messages } = await checkUpstream(variant, [...same, route])
      // Allowed with `backup`; if it is refused, then with a sentence.
      if (exitCode !== 0) expect(messages.at(-1)).toMatch(/"a"/)
    })

    test('an id with a dot, which no session can name if the route follows the last dot', async () => {
      const dotted = member(variant, { at: one, id: 'a.b' })
      await expectRefusal([...dotted, route], /a\.b/)
      await expectRefusal([route, ...dotted], /a\.b/)
      await expectNoComplaint([...dotted, 'jvm_route $cookie_JSESSIONID;'])
    })

    test('srun_id for an address that is not a server of the block', async () => {
      const beside = [`server ${one};`, `srun_id a 127.0.0.1:99;`]
      await expectRefusal([...beside, route], /127\.0\.0\.1:99/)
      await expectRefusal([route, ...beside], /127\.0\.0\.1:99/)
    })

    test('srun_id with too few or too many arguments', async () => {
      await expectRefusal([`server ${one};`, 'srun_id a;', route], /invalid number of arguments/)
      await expectRefusal([`server ${one};`, `srun_id a ${one} b;`, route], /srun_id|"b"/)
    })

    test('an unknown parameter of server', () =>
      expectRefusal([`server ${one} srun=a;`, route], /invalid parameter "srun=a"/))

    test.skipIf(!variant.isPatched).for([
      ['max_busy=', /max_busy=/],
      ['max_busy=x', /max_busy=x/],
      ['max_busy=-1', /max_busy=-1/],
      ['srun_id=', /srun_id/],
    ] as const)('an invalid parameter: %s', ([parameter, message]) =>
      expectRefusal([`server ${one} ${parameter};`, route], message),
    )

    test('a route without an effect', () => expectRefusal(servers, /jvm_route/))

    test('different routes of a server in two places', async () => {
      const beside = variant.isPatched
        ? [`server ${one} srun_id=a;`, `srun_id b ${one};`]
        : [`server ${one};`, `srun_id a ${one};`, `srun_id b ${one};`]
      await expectRefusal([...beside, route], /127\.0\.0\.1:81|"b"/)
    })
  })

  describe('refused outside of an upstream', () => {
    const upstreams = { app: [...servers, route] }

    const expectEmerg = async (server: string, message: RegExp): Promise<void> => {
      const { exitCode, messages, output } = await checkConfig(variant, { upstreams, server })
      expect(exitCode, output).toBe(1)
      expect(messages.filter((line) => line.startsWith('[emerg]'))).toHaveLength(1)
      expect(messages.at(-1)).toMatch(message)
    }

    test('the status of an unknown upstream', async () => {
      await expectEmerg('location /s { jvm_route_status nobody; }', /nobody.* in \/nginx\.conf:\d+/)
      await expectEmerg('jvm_route_status nobody json;', /nobody.* in \/nginx\.conf:\d+/)
    })
    test('an unknown format', () =>
      expectEmerg('location /s { jvm_route_status app xml; }', /"xml".* in \/nginx\.conf:\d+/))
    test('jvm_route_status without a name, or with too many arguments', async () => {
      await expectEmerg('location /s { jvm_route_status; }', /invalid number of arguments/)
      await expectEmerg(
        'location /s { jvm_route_status app json x; }',
        /invalid number of arguments/,
      )
    })
    test('jvm_route_status twice', () =>
      expectEmerg(
        'location /s { jvm_route_status app; jvm_route_status app; }',
        /jvm_route_status/,
      ))
    test('jvm_route outside of an upstream', () =>
      expectEmerg('jvm_route $cookie_X;', /"jvm_route" directive is not allowed here/))
    test('srun_id outside of an upstream', () =>
      expectEmerg(`srun_id a ${one};`, /"srun_id" directive is not allowed here/))
  })

  describe('accepted without a warning', () => {
    test.for([
      'jvm_route $cookie_JSESSIONID;',
      'jvm_route $cookie_JSESSIONID reverse;',
      'jvm_route $cookie_JSESSIONID strict;',
      'jvm_route $cookie_JSESSIONID|sessionid reverse;',
      'jvm_route $cookie_JSESSIONID|jsessionid reverse strict;',
      'jvm_route $cookie_my_app_id|s;',
    ])('%s', async (line) => {
      await expectNoComplaint([...servers, line])
      await expectNoComplaint([line, ...servers])
    })

    test('the same id on a server and its backup', () =>
      expectNoComplaint([
        ...members(variant, [
          { at: one, id: 'a' },
          { at: two, id: 'a', more: 'backup' },
        ]),
        route,
      ]))

    test('jvm_route without ids', () => expectNoComplaint([`server ${one};`, route]))

    test('zone: configurations that crashed the old module', () =>
      expectNoComplaint(['zone app 64k;', ...servers, route]))

    test('an unused upstream', async () => {
      const upstreams = { app: [`server ${one};`] }
      const http = `upstream other { ${servers.join(' ')} ${route} }`
      const { exitCode, messages } = await checkConfig(variant, { upstreams, http })
      expect({ exitCode, messages }).toEqual({ exitCode: 0, messages: [] })
    })

    test('upstreams with similar names and zones', async () => {
      const block = (name: string): readonly string[] => [`zone ${name} 64k;`, ...servers, route]
      const upstreams = {
        app: block('app'),
        app_1: block('jvm_route'),
        app_2: block('jvm_route_app'),
        jvm_route: block('app_1'),
        jvm_route_app: block('ngx_http_upstream_jvm_route'),
        other: block('app_0'),
      }
      const { exitCode, messages } = await checkConfig(variant, { upstreams })
      expect({ exitCode, messages }).toEqual({ exitCode: 0, messages: [] })
    })
  })
})
