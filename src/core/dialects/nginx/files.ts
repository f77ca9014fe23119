import { atKey, atValue } from '../../diagnostics/diagnostic.ts'
import type { Findings } from '../../diagnostics/findings.ts'
import { withoutEffect } from '../../fields.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { NginxModule, NginxTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import type { Page } from '../dialect.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import { nginxSnippetViews } from './snippets/views.ts'
import type { UpstreamView } from './upstream-block.ts'

/** upstream_check patches the core of nginx and cannot be loaded. */
const moduleFiles: Readonly<Record<NginxModule, string | null>> = {
  jvm_route: 'ngx_http_upstream_jvm_route_module.so',
  'sticky-ng': 'ngx_http_sticky_module.so',
  session_sticky: 'ngx_http_upstream_session_sticky_module.so',
  upstream_check: null,
  vts: 'ngx_http_vhost_traffic_status_module.so',
}

const loadedModules = ({ modules, loadModules }: NginxTarget): readonly string[] =>
  loadModules
    ? [...modules].flatMap((name) => {
        const file = moduleFiles[name]
        return file === null ? [] : [`modules/${file}`]
      })
    : []

const hasModulesFile = (target: NginxTarget): boolean =>
  loadedModules(target).length > 0 && !target.standalone

/** Checks the names of the files and the modules that are loaded. */
export const checkFiles = (
  cluster: string,
  target: NginxTarget,
  features: Features,
  findings: Findings,
): void => {
  const isMain = cluster === 'nginx' && target.standalone
  if (isMain || (cluster === 'modules' && hasModulesFile(target))) {
    const other = isMain ? 'the main configuration' : 'the load_module directives'
    report(
      findings,
      'nginx-file-name',
      atValue(['name']),
      `"${cluster}.conf" would be the file of the cluster and also of ${other}`,
      'choose another name for the cluster',
    )
  }
  if (!target.loadModules) return
  const at = atKey([...target.path, 'loadModules'])
  if (!atLeast(features.base, '1.9.11')) {
    report(
      findings,
      'nginx-load-module',
      at,
      `${features.label} cannot load modules`,
      'use nginx 1.9.11 or later, or leave loadModules out if the modules are compiled in',
    )
  }
  if (target.modules.has('upstream_check')) {
    report(
      findings,
      'nginx-load-module',
      at,
      'the module upstream_check cannot be loaded: it patches the core of nginx',
      'leave loadModules out, or compile the module in and name only the others',
    )
  }
  if (hasModulesFile(target)) {
    report(
      findings,
      'nginx-modules-file',
      at,
      'the load_module directives are in nginx/modules.conf: nginx accepts them only at the top of nginx.conf',
      'include that file at the top of nginx.conf, or set standalone: true, which generates a whole nginx.conf',
    )
  }
}

/** The files: the http level, and nginx.conf or modules.conf if the target needs them. */
export const pagesOf = (
  target: NginxTarget,
  { name: cluster, snippets }: Pick<Cluster, 'name' | 'snippets'>,
  http: object,
): readonly Page[] => {
  const modules = loadedModules(target)
  const page = (name: string, template: string, view: object): Page => ({
    kind: 'template',
    path: `nginx/${name}.conf`,
    template: `nginx/${template}`,
    view,
  })
  return [
    page(cluster, 'http', http),
    ...(target.standalone
      ? [
          page('nginx', 'main', {
            cluster,
            modules,
            include: `${cluster}.conf`,
            snippets: nginxSnippetViews(snippets, 'main'),
          }),
        ]
      : []),
    ...(hasModulesFile(target) ? [page('modules', 'modules', { cluster, modules })] : []),
  ]
}

interface Used {
  readonly upstreams: readonly UpstreamView[]
  readonly isVts: boolean
}

const isUsed = (module: NginxModule, { upstreams, isVts }: Used): boolean => {
  if (module === 'vts') return isVts
  return upstreams.some(({ jvmRoute, stickyNg, sessionSticky, check }) => {
    if (module === 'jvm_route') return jvmRoute !== null
    if (module === 'sticky-ng') return stickyNg !== null
    return module === 'session_sticky' ? sessionSticky !== null : check !== null
  })
}

const purposes: Readonly<Record<NginxModule, string>> = {
  jvm_route: 'affinity: { method: jvm_route }',
  'sticky-ng': 'affinity: { method: sticky, by: cookie }',
  session_sticky: 'affinity: { method: sticky, by: cookie }',
  upstream_check: 'check',
  vts: 'a location with status',
}

/** Reports modules of the target that the generated configuration does not use. */
export const noteUnusedModules = (
  { loadModules, modules, path, unpatched }: NginxTarget,
  { label }: Features,
  used: Used,
  findings: Findings,
): void => {
  const note = (at: readonly (string | number)[], reason: string, help: string | null = null) =>
    withoutEffect(findings, [...path, ...at], label, reason, help)
  if (loadModules && modules.size === 0)
    note(['loadModules'], 'no module is named', 'name it in modules')
  if (unpatched && !isUsed('jvm_route', used))
    note(['unpatched'], 'the module jvm_route is not used')
  // A loaded module may be used by another configuration file.
  if (loadModules) return
  for (const [index, module] of [...modules].entries()) {
    if (isUsed(module, used)) continue
    note(['modules', index], `the module ${module} is not used`, `it is for ${purposes[module]}`)
  }
}
