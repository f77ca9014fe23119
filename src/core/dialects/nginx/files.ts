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

const hasModulesFile = (target: NginxTarget): boolean =>
  loadable(target).length > 0 && !target.standalone

/** What stands in the way of the files that the target asks for. */
export const fileProblems = (
  cluster: string,
  target: NginxTarget,
  features: Features,
): readonly Diagnostic[] => [
  ...nameProblems(cluster, target, hasModulesFile(target)),
  ...moduleProblems(target, features, hasModulesFile(target)),
]

/** The files of the nginx dialect: the http level, and what the target asks for around it. */
export const pagesOf = (target: NginxTarget, view: HttpView): readonly Page[] => {
  const { cluster } = view
  const modules = loadable(target)
  const main: MainView = { cluster, modules, include: `${cluster}.conf` }
  const onlyModules: ModulesView = { cluster, modules }
  const page = (name: string, template: string, content: object): Page => ({
    kind: 'template',
    path: `nginx/${name}.conf`,
    template: `nginx/${template}`,
    view: content,
  })
  return [
    page(cluster, 'http', view),
    ...(target.standalone ? [page('nginx', 'main', main)] : []),
    ...(hasModulesFile(target) ? [page('modules', 'modules', onlyModules)] : []),
  ]
}
