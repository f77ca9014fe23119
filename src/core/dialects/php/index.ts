import type { Cluster } from '../../model/cluster.ts'
import { appUpstreams } from '../app-upstreams.ts'
import type { Dialect, Page, Rendering } from '../dialect.ts'
import { iniKey, iniValue } from './ini.ts'
import { phpView } from './view.ts'

const render = (cluster: Cluster): Rendering => {
  const renderings = appUpstreams(cluster, 'php').map(({ name, app }) => {
    const viewed = phpView(app)
    const pages: readonly Page[] =
      viewed === null
        ? []
        : [
            {
              kind: 'template',
              path: `php/${name}/sessions.ini`,
              template: 'php/sessions',
              view: viewed.view,
            },
          ]
    return { pages, diagnostics: viewed?.diagnostics ?? [] }
  })
  return {
    pages: renderings.flatMap(({ pages }) => pages),
    diagnostics: renderings.flatMap(({ diagnostics }) => diagnostics),
  }
}

/** PHP's own session handlers: a file for the folder that PHP scans for .ini files. */
export const php: Dialect = {
  name: 'php',
  isWanted: (cluster) => appUpstreams(cluster, 'php').length > 0,
  inputs: () => [],
  render: (cluster, _inputs, findings) => {
    const { pages, diagnostics } = render(cluster)
    findings.addAll(diagnostics)
    return pages
  },
  escapes: { ini: iniValue, iniKey },
}
