import type { Cluster } from '../../model/cluster.ts'
import type { Page } from '../dialect.ts'
import type { Instance } from './instance.ts'
import { features, hasSince } from './release.ts'
import type { StoreParts } from './stores/parts.ts'
import { blobTypeOf, sessionTable } from './stores/session-table.ts'

/** Read by bin/catalina.sh; none where nothing has to be set. */
const setenvPage = (
  { properties, secrets, encoded }: StoreParts,
  folder: string,
): readonly Page[] =>
  properties.length === 0 && secrets.length === 0
    ? []
    : [
        {
          kind: 'template',
          path: `${folder}/bin/setenv.sh`,
          template: 'tomcat/setenv',
          view: {
            options: properties.map(([name, value]) => `-D${name}=${value}`),
            // A relative path does not depend on where catalina.sh is called.
            secrets: secrets.map(({ name, file }) => ({
              name,
              file,
              isBelowBase: !file.startsWith('/'),
            })),
            encoded,
          },
        },
      ]

/** What the session store of one Tomcat needs beside its XML files. */
export const storePages = ({ server }: Instance, store: StoreParts): readonly Page[] => {
  const folder = `tomcat/${server.name}`
  const files = store.files.map((page) => ({ ...page, path: `${folder}/${page.path}` }))
  return [...files, ...setenvPage(store, folder)]
}

/** An id is 32 characters, a dot and a route of 32 at most. */
const idLength = 100

/** How to make the table that the Tomcats of an upstream share. */
export const tablePages = ({ upstreams }: Cluster): readonly Page[] =>
  upstreams.flatMap(({ name, app }): readonly Page[] => {
    if (app.runtime !== 'tomcat' || app.sessions.store !== 'jdbc') return []
    const { use } = app.sessions
    if (use === null || !hasSince(app.version, features.any)) return []
    const blob = blobTypeOf(use.url)
    if (blob === null) return []
    return [
      {
        kind: 'template',
        path: `tomcat/${name}.sql`,
        template: 'tomcat/session-table',
        view: {
          upstream: name,
          table: sessionTable,
          index: `${sessionTable}_app`,
          idLength,
          blob,
        },
      },
    ]
  })
