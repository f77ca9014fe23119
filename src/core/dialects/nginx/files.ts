import { atKey, atValue, type Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { NginxModule, NginxTarget } from '../../model/target.ts'
import { atLeast } from '../../model/version.ts'
import type { Page } from '../dialect.ts'
import { report } from './codes.ts'
import type { Features } from './features.ts'
import type { HttpView, MainView, ModulesView } from './views.ts'

/** upstream_check changes nginx itself and cannot be loaded. */
const moduleFiles: Readonly<Record<NginxModule, string | null>> = {
  jvm_route: 'ngx_http_upstream_jvm_route_module.so',
  'sticky-ng': 'ngx_http_sticky_module.so',
  session_sticky: 'ngx_http_upstream_session_sticky_module.so',
  upstream_check: null,
  vts: 'ngx_http_vhost_traffic_status_module.so',
}

const loadable = ({ modules, loadModules }: NginxTarget): readonly string[] =>
  loadModules
    ? [...modules].flatMap((name) => {
        const file = moduleFiles[name]
        return file === null ? [] : [`modules/${file}`]
      })
    : []

const nameProblems = (cluster: string, target: NginxTarget, hasModulesFile: boolean) => {
  const taken =
    (cluster === 'nginx' && target.standalone) || (cluster === 'modules' && hasModulesFile)
  if (!taken) return []
  return [
    report(
      'nginx-file-name',
      atValue(['name']),
      `"${cluster}.conf" would be two files: the cluster's and ${cluster === 'nginx' ? "nginx's own" : 'the one that loads modules'}`,
      'choose another name for the cluster',
    ),
  ]
}

const moduleProblems = (
  target: NginxTarget,
  features: Features,
  hasModulesFile: boolean,
): Diagnostic[] => {
  if (!target.loadModules) return []
  const at = atKey([...target.path, 'loadModules'])
  const problems: Diagnostic[] = []
  if (!atLeast(features.core, '1.9.11')) {
    problems.push(
      report(
        'nginx-load-module',
        at,
        `${features.label} cannot load modules`,
        'nginx 1.9.11 can; leave loadModules out where the modules are built in',
      ),
    )
  }
  if (target.modules.has('upstream_check')) {
    problems.push(
      report(
        'nginx-load-module',
        at,
        'the module upstream_check cannot be loaded: it changes nginx itself',
        'leave loadModules out, or build the module in and name only the others',
      ),
    )
  }
  if (hasModulesFile) {
    problems.push(
      report(
        'nginx-modules-file',
        at,
        'the load_module lines stand in nginx/modules.conf: nginx takes them only at the top of nginx.conf',
        'include it there, above `events`; standalone: true writes a whole nginx.conf',
      ),
    )
  }
  return problems
}

/** The files of the nginx dialect: the http level, and what the target asks for around it. */
export const filesOf = (
  target: NginxTarget,
  features: Features,
  view: HttpView,
): { readonly pages: readonly Page[]; readonly diagnostics: readonly Diagnostic[] } => {
  const { cluster } = view
  const modules = loadable(target)
  const hasModulesFile = modules.length > 0 && !target.standalone
  const main: MainView = { cluster, modules, include: `${cluster}.conf` }
  const onlyModules: ModulesView = { cluster, modules }
  return {
    pages: [
      { kind: 'template', path: `nginx/${cluster}.conf`, template: 'nginx/http', view },
      ...(target.standalone
        ? [
            {
              kind: 'template',
              path: 'nginx/nginx.conf',
              template: 'nginx/main',
              view: main,
            } as const,
          ]
        : []),
      ...(hasModulesFile
        ? [
            {
              kind: 'template',
              path: 'nginx/modules.conf',
              template: 'nginx/modules',
              view: onlyModules,
            } as const,
          ]
        : []),
    ],
    diagnostics: [
      ...nameProblems(cluster, target, hasModulesFile),
      ...moduleProblems(target, features, hasModulesFile),
    ],
  }
}
