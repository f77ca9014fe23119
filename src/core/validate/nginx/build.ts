import type { NginxFlavor, NginxModule } from '../../model/target.ts'
import { atLeast, parseVersion } from '../../model/version.ts'

/** The build that `nginx -V` describes. */
export interface NginxBuild {
  readonly flavor: NginxFlavor
  /** `nginx`, `Angie`, … */
  readonly product: string
  /** The product's own: Angie 1.9.0 is not nginx 1.9.0. */
  readonly version: string
  /** `-e` keeps it from opening the error log that was compiled in (nginx 1.19.5). */
  readonly hasErrorLogFlag: boolean
  /** Directives such as `uwsgi_temp_path` exist only with their module. */
  readonly tempPaths: readonly string[]
  /** Folder of its dynamic modules; null when the output does not name it. */
  readonly modulesPath: string | null
  readonly modules: ReadonlySet<NginxModule>
}

const products: readonly {
  readonly flavor: NginxFlavor
  readonly product: string
  readonly pattern: RegExp
}[] = [
  { flavor: 'angie', product: 'Angie', pattern: /Angie\/(\d+\.\d+\.\d+)/ },
  { flavor: 'tengine', product: 'Tengine', pattern: /Tengine\/(\d+\.\d+\.\d+)/ },
  { flavor: 'openresty', product: 'OpenResty', pattern: /openresty\/(\d+\.\d+\.\d+)/ },
  {
    flavor: 'nginx-plus',
    product: 'NGINX Plus',
    pattern: /nginx\/(\d+\.\d+\.\d+)\s*\(nginx-plus-/,
  },
  { flavor: 'nginx', product: 'nginx', pattern: /nginx\/(\d+\.\d+\.\d+)/ },
]

/** The product name of a flavor. */
export const productOf = (flavor: NginxFlavor): string =>
  products.find((known) => known.flavor === flavor)?.product ?? flavor

/** How the folder of a module's source is called, in `--add-module=` and `--add-dynamic-module=`. */
const sourceNames: Readonly<Record<NginxModule, RegExp>> = {
  jvm_route: /jvm[_-]?route/i,
  'sticky-ng': /sticky[_-]module|sticky-ng/i,
  session_sticky: /session[_-]sticky/i,
  upstream_check: /upstream[_-]check/i,
  vts: /vts|vhost[_-]traffic[_-]status/i,
}

/** The file of each module where it is loaded at run time. */
export const moduleFiles: Readonly<Record<NginxModule, string>> = {
  jvm_route: 'ngx_http_upstream_jvm_route_module.so',
  'sticky-ng': 'ngx_http_sticky_module.so',
  session_sticky: 'ngx_http_upstream_session_sticky_module.so',
  upstream_check: 'ngx_http_upstream_check_module.so',
  vts: 'ngx_http_vhost_traffic_status_module.so',
}

const configured = (answer: string, option: string): string | null =>
  new RegExp(`--${option}=('[^']*'|\\S+)`).exec(answer)?.[1]?.replaceAll("'", '') ?? null

const tempPathModules = ['proxy', 'fastcgi', 'uwsgi', 'scgi'] as const

const staticModules = (answer: string): ReadonlySet<NginxModule> => {
  const added = [...answer.matchAll(/--add-module=('[^']*'|\S+)/g)].map(([, path = '']) => path)
  const names = Object.keys(sourceNames) as NginxModule[]
  return new Set(names.filter((name) => added.some((path) => sourceNames[name].test(path))))
}

/** Reads the output of `nginx -V`; null when it is no such output. */
export const readBuild = (answer: string): NginxBuild | null => {
  const found = products
    .map((known) => ({ ...known, version: known.pattern.exec(answer)?.[1] }))
    .find(({ version }) => version !== undefined)
  if (found?.version === undefined) return null
  const { flavor, product, version } = found
  const prefix = configured(answer, 'prefix')
  const modulesPath = configured(answer, 'modules-path') ?? (prefix && `${prefix}/modules`)
  // The first Angie was based on nginx 1.23; Tengine prints the nginx that it is based on in a separate line.
  const core = /nginx\/(\d+\.\d+\.\d+)/.exec(answer)?.[1] ?? version
  return {
    flavor,
    product,
    version,
    hasErrorLogFlag: flavor === 'angie' || atLeast(parseVersion(core), '1.19.5'),
    tempPaths: [
      'client_body_temp_path',
      ...tempPathModules
        .filter((name) => !answer.includes(`--without-http_${name}_module`))
        .map((name) => `${name}_temp_path`),
    ],
    modulesPath,
    modules: staticModules(answer),
  }
}

/** Adds the modules whose names are found in the bytes of the program. */
export const withModulesIn = (build: NginxBuild, program: Uint8Array): NginxBuild => {
  const bytes = Buffer.from(program.buffer, program.byteOffset, program.byteLength)
  const names = Object.keys(moduleFiles) as NginxModule[]
  const found = names.filter((name) => bytes.includes(moduleFiles[name].replace(/\.so$/, '')))
  return { ...build, modules: new Set([...build.modules, ...found]) }
}
