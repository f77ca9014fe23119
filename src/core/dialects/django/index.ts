import { appUpstreams } from '../../model/app-upstreams.ts'
import { appChoice } from '../choice.ts'
import type { Dialect, Page } from '../dialect.ts'
import { djangoView } from './view.ts'

const escapeCharacter = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}

/** A Python literal in ASCII. */
const pythonLiteral = (value: string | number): string =>
  typeof value === 'number'
    ? String(value)
    : `"${value.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/gu, escapeCharacter)}"`

/** The name of a setting or a constant, which has no quotes. */
const pythonWord = (value: string | number): string => {
  const text = String(value)
  if (!/^[A-Za-z_]+$/.test(text)) throw new RangeError(`"${text}" is not a name of Python`)
  return text
}

/** Django: a settings module for each upstream, which settings.py imports. */
export const django: Dialect = {
  name: 'django',
  isWanted: (cluster) => appUpstreams(cluster, 'django').length > 0,
  inputs: () => [],
  render: (cluster, _inputs, findings) =>
    appUpstreams(cluster, 'django').flatMap(({ name, app }): readonly Page[] => {
      if (app.sessions.store === 'none') return []
      const path = `django/${name}/sessctl_sessions.py`
      const view = djangoView(app, findings)
      return [{ kind: 'template', path, template: 'django/sessions', view }]
    }),
  choose: (_cluster, { app }) =>
    app.runtime === 'django'
      ? appChoice(`Django ${app.version.text}`, (findings) =>
          app.sessions.store === 'none'
            ? 'no sessions'
            : `SESSION_ENGINE = "${djangoView(app, findings).engine}"`,
        )
      : null,
  escapes: { python: pythonLiteral, pythonWord },
}
