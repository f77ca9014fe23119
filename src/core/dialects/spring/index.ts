import { appUpstreams } from '../../model/app-upstreams.ts'
import { appChoice } from '../choice.ts'
import type { Dialect, Page } from '../dialect.ts'
import { springView } from './view.ts'

const escapeUnit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

const escapeCharacter = (character: string): string => {
  if (character === '\\') return '\\\\'
  if (/[\x20-\x7e]/.test(character)) return character
  return Array.from({ length: character.length }, (_, at) =>
    escapeUnit(character.charCodeAt(at)),
  ).join('')
}

/** A value that java.util.Properties reads as exactly this text, in any encoding. */
const propertyValue = (value: string | number): string => {
  const text = Array.from(String(value), escapeCharacter).join('')
  return text.startsWith(' ') ? `\\${text}` : text
}

/** Spring Boot with Spring Session: an application.properties for each upstream. */
export const spring: Dialect = {
  name: 'spring',
  isWanted: (cluster) => appUpstreams(cluster, 'spring').length > 0,
  inputs: () => [],
  render: (cluster, _inputs, findings) =>
    appUpstreams(cluster, 'spring').flatMap(({ name, app }): readonly Page[] => {
      const view = springView(app, findings)
      const path = `spring/${name}/application.properties`
      return view === null ? [] : [{ kind: 'template', path, template: 'spring/application', view }]
    }),
  choose: (_cluster, { app }) =>
    app.runtime === 'spring'
      ? appChoice(`Spring Boot ${app.version.text}`, (findings) => {
          springView(app, findings)
          return app.sessions.store === 'none'
            ? 'no sessions'
            : `Spring Session with ${app.sessions.use?.kind ?? 'a store'}`
        })
      : null,
  escapes: { properties: propertyValue },
}
