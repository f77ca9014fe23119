import { appUpstreams } from '../../model/app-upstreams.ts'
import { appChoice } from '../choice.ts'
import type { Dialect, Page } from '../dialect.ts'
import { phpView } from './view.ts'

/**
 * A quoted value of php.ini. Variables that sessctl writes are replaced by PHP; an error reports a text
 * of the spec that contains one.
 */
const iniValue = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`

/** The name of a setting, which needs no quotes. */
const iniKey = (value: string | number): string => {
  const text = String(value)
  if (!/^[a-z_.]+$/.test(text)) throw new RangeError(`"${text}" is not the name of a setting`)
  return text
}

/** The session handlers of PHP: an additional .ini file for each upstream. */
export const php: Dialect = {
  name: 'php',
  isWanted: (cluster) => appUpstreams(cluster, 'php').length > 0,
  inputs: () => [],
  render: (cluster, _inputs, findings) =>
    appUpstreams(cluster, 'php').flatMap(({ name, app }): readonly Page[] => {
      const view = phpView(app, findings)
      const path = `php/${name}/sessions.ini`
      return view === null ? [] : [{ kind: 'template', path, template: 'php/sessions', view }]
    }),
  choose: (_cluster, { app }) =>
    app.runtime === 'php'
      ? appChoice(`PHP ${app.version.text}`, (findings) => {
          const view = phpView(app, findings)
          const handler = view?.settings.find(({ key }) => key === 'session.save_handler')
          return handler === undefined ? 'no sessions' : `"session.save_handler = ${handler.value}"`
        })
      : null,
  escapes: { ini: iniValue, iniKey },
}
