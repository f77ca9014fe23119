import { parse } from 'yaml'
import type { ConfFolder } from '../../../src/core/dialects/dialect.ts'
import {
  type ImportSettings,
  type ImportSource,
  importFiles,
} from '../../../src/core/import/index.ts'
import { configOf } from '../../support/compile.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** An nginx.conf, with the files that it includes. */
export const nginx = (
  text: string,
  others: Readonly<Record<string, string>> = {},
): ImportSource => ({
  kind: 'nginx',
  file: 'nginx.conf',
  config: {
    form: 'config',
    main: 'nginx.conf',
    files: new Map([
      ['nginx.conf', bytes(text)],
      ...Object.entries(others).map(([name, other]) => [name, bytes(other)] as const),
    ]),
  },
})

/** A haproxy.cfg, with files of conf.d by their names. */
export const haproxy = (
  text: string,
  others: Readonly<Record<string, string>> = {},
): ImportSource => ({
  kind: 'haproxy',
  file: 'haproxy.cfg',
  config: configOf(
    'haproxy.cfg',
    bytes(text),
    Object.fromEntries(
      Object.entries(others).map(([name, other]) => [`conf.d/${name}`, bytes(other)] as const),
    ),
  ),
})

/** A file of httpd. */
export const httpd = (text: string): ImportSource => ({
  kind: 'httpd',
  file: 'httpd.conf',
  config: {
    form: 'config',
    main: 'httpd.conf',
    files: new Map([['httpd.conf', bytes(text)]]),
  },
})

/** A server.xml, and the context.xml next to it. */
export const tomcat = (
  folder: string,
  server: string,
  context: string | null = null,
  version: string | null = '9.0.98',
): readonly ImportSource[] => {
  const files: ConfFolder['files'] = new Map(
    context === null ? [] : [['context.xml', bytes(context)]],
  )
  return [
    {
      kind: 'server',
      file: `${folder}/server.xml`,
      bytes: bytes(server),
      conf: { form: 'conf', files },
      version,
    },
    ...(context === null
      ? []
      : [{ kind: 'context', file: `${folder}/context.xml`, bytes: bytes(context) } as const]),
  ]
}

/** A server.xml with a route, on a port. */
export const serverXml = (route: string | null, port = 8080): string => `<?xml version="1.0"?>
<Server port="8005" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Connector port="${port}" protocol="HTTP/1.1"/>
    <Engine name="Catalina" defaultHost="localhost"${route === null ? '' : ` jvmRoute="${route}"`}>
      <Host name="localhost" appBase="webapps"/>
    </Engine>
  </Service>
</Server>
`

const standard: ImportSettings = {
  spec: 'sessctl.yaml',
  name: null,
  nginx: null,
  haproxy: null,
  httpd: null,
}

export const imported = (
  sources: readonly ImportSource[],
  settings: Partial<ImportSettings> = {},
) => {
  const { diagnostics, text } = importFiles(sources, { ...standard, ...settings })
  const spec: unknown = text === null ? null : parse(text)
  return {
    text: text ?? '',
    spec,
    helps: diagnostics.map(({ help }) => help),
    reports: diagnostics.map(({ at, code, message }) => {
      const place = at.kind === 'file' ? `${at.file}:${at.line ?? ''}` : at.kind
      return `${place} ${code}: ${message}`
    }),
  }
}
