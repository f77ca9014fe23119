import { compileText, configOf } from './compile.ts'

/** What a spec says, besides the existing configuration that it names. */
export interface Wanted {
  /** Of the upstream; two if left out. */
  readonly servers?: object
  readonly affinity?: object
  readonly upstream?: object
  /** The name of the upstream. */
  readonly name?: string
  readonly target?: object
  readonly frontends?: object
}

/** What `generate` makes of existing files. */
export interface EditedFiles {
  /** By their names. */
  readonly files: Readonly<Record<string, string>>
  /** `code FILE:LINE: message`. */
  readonly said: readonly string[]
}

const releases = { nginx: '1.26.3', haproxy: '3.0', httpd: '2.4' }

/** Edits files that are in a folder next to the spec; the first one is the base. */
export const editFiles = (
  proxy: keyof typeof releases,
  files: Readonly<Record<string, string>>,
  { affinity, frontends, name = 'shop', servers, target, upstream }: Wanted = {},
  encoding: BufferEncoding = 'utf8',
): EditedFiles => {
  const given = Object.entries(files).map(
    ([path, text]) => [path, Buffer.from(text, encoding)] as const,
  )
  const [[main, bytes] = ['', Buffer.of()], ...others] = given
  const base = `conf/${main}`
  const spec = {
    version: 1,
    name: 'shop',
    targets: { [proxy]: { version: releases[proxy], base, ...target } },
    frontends,
    upstreams: {
      [name]: {
        servers: servers ?? { a: '10.0.0.1:8080', b: '10.0.0.2:8080' },
        affinity,
        ...upstream,
      },
    },
  }
  const { artifacts, diagnostics } = compileText(
    JSON.stringify(spec),
    new Map([[base, configOf(main, bytes, Object.fromEntries(others))]]),
  )
  return {
    files: Object.fromEntries(
      artifacts.map(({ path, bytes: written }) => [
        path.replace(`${proxy}/`, ''),
        Buffer.from(written).toString(encoding),
      ]),
    ),
    said: diagnostics
      .filter(({ code }) => /^(?:nginx|haproxy|httpd)-base|^haproxy-local-peer$/.test(code))
      .map(({ code, location: { file, line }, message }) => `${code} ${file}:${line}: ${message}`),
  }
}
