import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { readHttpdFiles } from '../../src/core/config/httpd/files.ts'
import type { HttpdStatement } from '../../src/core/config/httpd/statements.ts'
import { positionsIn, printConfig } from '../../src/core/config/text.ts'
import { httpdWords } from '../readers/httpd-words.ts'
import { run } from './support/process.ts'
import { findServer, withServers } from './support/servers.ts'
import { tempDir } from './support/temp-dir.ts'

const modules = ['mpm_event', 'info', 'macro', 'authz_core', 'alias', 'proxy', 'proxy_http'].concat(
  ['proxy_balancer', 'lbmethod_byrequests', 'slotmem_shm', 'headers', 'rewrite', 'setenvif'],
)

const files = (folder: string): Readonly<Record<string, string>> => ({
  'httpd.conf': `# Comments \\
  ServerAdmin is not read
${modules.map((name) => `LoadModule ${name}_module modules/mod_${name}.so`).join('\n')}
ErrorLog "${folder}/error.log"
PidFile ${folder}/pid
SERVERNAME shop.example
Define Host 'shop \\"one\\"'
Define flag
Define port 18080
ServerRoot "${folder}"
Include conf.d
Include extra/[a-c]?.conf
IncludeOptional none/*.conf
IncludeOptional none.conf
Include "\${folder}/extra/\${name}.conf"
<IfModule mpm_event_module>
  ServerAdmin identifier
</IfModule>
<IfModule event.c>
  ServerAdmin event
</IfModule>
<IfModule mod_mpm_event.c>
  ServerAdmin no
</IfModule>
<IfModule mod_log_config.c>
  <IfModule !mod_none.c>
    ServerAdmin built-in
  </IfModule>
</IfModule>
<IfDefine FLAG>
  ServerAdmin no
</IfDefine>
<IfDefine !flag>
  ServerAdmin no
</IfDefine>
<IfDefine flag>
  <IfVersion >= 2.4>
    ServerAdmin version
  </IfVersion>
  <IfVersion < 2.4>
    ServerAdmin no
  </IfVersion>
  <IfVersion !< 2.4>
    ServerAdmin "not less"
  </IfVersion>
  <IfVersion 2.4.1>
    ServerAdmin no
  </IfVersion>
</IfDefine>
<Macro Member $name $url>
  BalancerMember "$url" route=$name
</Macro>
"<Proxy" "balancer://app"> ignored
  Use member a "http://127.0.0.1:1"
  USE MEMBER b http://127.0.0.1:2
  ProxySet lbmethod=byrequests \\
    stickysession=JSESSIONID|jsessionid
</Proxy> ignored
ServerAdmin "\${hOST}"
Define host second
ServerAdmin \${HOST}
UnDefine host
<IfDefine host>
  ServerAdmin no
</IfDefine>
<VirtualHost *:\${port}>
  ServerName a\\\\b'c"d
  ServerAlias 'it''s' "a \\"b\\" \\\\ \\c" \\
\\
    "two \\
lines"
  Include extra/inner.inc
  Define inner "1 2"
  RewriteRule "^/a b$" "/c>" [R=301,L]
  <If "%{HTTP_HOST} == 'a' && %{REQUEST_URI} =~ m#^/x>#">
    Require all denied
  </If>
  ProxyPass "/" balancer://app/
</VirtualHost>
AliasMatch \${inner}
`,
  'conf.d/z.conf': 'ServerAdmin z\n',
  'conf.d/.hidden': 'ServerAdmin hidden\n',
  'conf.d/sub/a': 'ServerAdmin sub\n',
  'conf.d/B.conf': 'ServerAdmin B\r\n<IfModule none>\r\nserveradmin no\r\n</ifmodule>\r\n',
  'extra/a1.conf': 'ServerAdmin a1',
  'extra/b2.conf': 'ServerAdmin b2\\',
  'extra/.a.conf': 'ServerAdmin no\n',
  'extra/d3.conf': 'ServerAdmin no\n',
  'extra/named.conf': 'ServerAdmin named\n',
  'extra/inner.inc': 'ServerPath /inner\nInclude conf.d/sub\n',
})

/** Executed while httpd reads, and not shown. */
const unseen = new Set(['loadmodule', 'define', 'undefine', 'serverroot'])

/** Closing lines as well. The line of one that is continued is its last one, as in httpd. */
const linesOf = (
  statements: readonly HttpdStatement[],
  lineOf: (statement: HttpdStatement) => string,
): readonly string[] =>
  statements.flatMap((statement) => {
    const { args, children, name } = statement
    if (unseen.has(name)) return []
    if (children === null) return [`${lineOf(statement)} ${JSON.stringify([name, ...args])}`]
    const opening = `${lineOf(statement)} ${JSON.stringify([`<${name}`, ...args])}`
    return [opening, ...linesOf(children, lineOf), `</${name}>`]
  })

/** What `httpd -t -D DUMP_CONFIG` shows, in the same form; its words are those of another reader. */
const dumped = (output: string): readonly string[] => {
  let [file, line] = ['', '']
  return output.split('\n').flatMap((text) => {
    const [, named] = /^# In file: (.*)$/.exec(text) ?? []
    const [, number] = /^\s*#\s+(\d+):$/.exec(text) ?? []
    file = named ?? file
    line = number ?? line
    if (named !== undefined || number !== undefined || text.trim() === '' || text === 'Syntax OK')
      return []
    const closing = /^\s*(<\/.*>)/.exec(text)?.[1]
    if (closing !== undefined) return [closing.toLowerCase()]
    const isSection = /^\s*"?</.test(text)
    const [name = '', ...args] = httpdWords(isSection ? text.slice(0, text.lastIndexOf('>')) : text)
    const place = file.startsWith('macro') ? 'macro' : `${file}:${line}`
    return [`${place} ${JSON.stringify([name.toLowerCase(), ...args])}`]
  })
}

describe('httpd 2.4, compared with the reader', () => {
  const needs = { httpd: findServer('apache2', '2.4') }

  withServers(needs, 'executes the same directives with the same arguments', async ({ httpd }) => {
    const folder = tempDir()
    const texts = Object.entries(files(folder))
    for (const [name, text] of texts) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    const main = join(folder, 'httpd.conf')
    const environment = new Map([
      ['folder', folder],
      ['name', 'named'],
    ])
    const command = [httpd.command, '-t', '-D', 'DUMP_CONFIG', '-f', main] as const
    const { output } = await run(command, folder, 20_000, Object.fromEntries(environment))
    const given = new Map(texts.map(([name, text]) => [join(folder, name), Buffer.from(text)]))
    const version = httpd.version
    const read = readHttpdFiles(main, given, { environment, version })
    expect(read.problems).toEqual([])
    expect(read.patterns.map((pattern) => pattern.replace(folder, ''))).toEqual([
      '/conf.d',
      '/extra/[a-c]?.conf',
      '/none/*.conf',
      '/none.conf',
      '/extra/named.conf',
      '/extra/inner.inc',
      '/conf.d/sub',
    ])
    const lineOf = ({ directive, path }: HttpdStatement): string => {
      const { text = '' } = read.files.get(path) ?? {}
      const last = directive.words.at(-1)?.end ?? directive.start
      const inMacro = text.slice(directive.start, last).includes('$url')
      return inMacro ? 'macro' : `${path}:${positionsIn(text)(last).line}`
    }
    expect(linesOf(read.statements, lineOf)).toEqual(dumped(output))
    expect(linesOf(read.statements, lineOf).length).toBeGreaterThan(30)
    for (const [path, document] of read.files)
      expect(readFileSync(path).equals(printConfig(document)), path).toBe(true)
  })
})
