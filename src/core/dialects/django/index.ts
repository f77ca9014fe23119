import type { Cluster } from '../../model/cluster.ts'
import { appUpstreams } from '../app-upstreams.ts'
import type { Dialect, Rendering } from '../dialect.ts'
import { pythonLiteral } from './python.ts'
import { djangoView } from './view.ts'

const render = (cluster: Cluster): Rendering => {
  const viewed = appUpstreams(cluster, 'django').flatMap(({ name, app }) =>
    app.sessions.store === 'none' ? [] : [{ name, ...djangoView(app) }],
  )
  return {
    pages: viewed.map(({ name, view }) => ({
      kind: 'template',
      path: `django/${name}/sessctl_sessions.py`,
      template: 'django/sessions',
      view,
    })),
    diagnostics: viewed.flatMap(({ diagnostics }) => diagnostics),
  }
}

/** Django: a module of settings for each upstream, which its settings.py takes in. */
export const django: Dialect = {
  name: 'django',
  isWanted: (cluster) => appUpstreams(cluster, 'django').length > 0,
  inputs: () => [],
  render: (cluster, _inputs, findings) => {
    const { pages, diagnostics } = render(cluster)
    findings.addAll(diagnostics)
    return pages
  },
  escapes: { python: pythonLiteral },
}
