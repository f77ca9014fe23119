import { atValue } from '../../diagnostics/diagnostic.ts'
import type { Cluster } from '../../model/cluster.ts'
import { type AppUpstream, appUpstreams } from '../app-upstreams.ts'
import type { Dialect, Rendering } from '../dialect.ts'
import { anyNetworkRedis, redisLimits } from '../redis-limits.ts'
import { report } from './codes.ts'
import { lineOf } from './line.ts'
import { propertyValue } from './properties.ts'
import { springView, viewWithoutSessions } from './view.ts'

const nothing: Rendering = { pages: [], diagnostics: [] }

const renderOne = ({ name, app }: AppUpstream<'spring'>): Rendering => {
  const line = lineOf(app.version)
  const { sessions } = app
  if (line === null) {
    const message = `Spring Boot ${app.version.text} is not one of the lines 2.7, 3.x and 4.x`
    const help = 'sessctl writes for these lines only'
    const at = atValue([...app.path, 'version'])
    return { pages: [], diagnostics: [report('spring-version', at, message, help)] }
  }
  const path = `spring/${name}/application.properties`
  if (sessions.store === 'none') {
    const view = viewWithoutSessions(line)
    return {
      pages: [{ kind: 'template', path, template: 'spring/application', view }],
      diagnostics: [],
    }
  }
  const { use } = sessions
  if (use === null) return nothing
  const { view, diagnostics } = springView(app, sessions, line, use)
  const limits =
    use.kind === 'redis'
      ? redisLimits(use, 'Spring Data Redis', anyNetworkRedis, 'name hosts and ports')
      : []
  return {
    pages: [{ kind: 'template', path, template: 'spring/application', view }],
    diagnostics: [...limits, ...diagnostics],
  }
}

const render = (cluster: Cluster): Rendering => {
  const renderings = appUpstreams(cluster, 'spring').map(renderOne)
  return {
    pages: renderings.flatMap(({ pages }) => pages),
    diagnostics: renderings.flatMap(({ diagnostics }) => diagnostics),
  }
}

/** Spring Boot with Spring Session: properties for each upstream, beside the application's own. */
export const spring: Dialect = {
  name: 'spring',
  isWanted: (cluster) => appUpstreams(cluster, 'spring').length > 0,
  inputs: () => [],
  render: (cluster, _inputs, findings) => {
    const { pages, diagnostics } = render(cluster)
    findings.addAll(diagnostics)
    return pages
  },
  escapes: { properties: propertyValue },
}
