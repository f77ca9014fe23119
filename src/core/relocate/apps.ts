import type { App, AppCookie, DjangoApp, PhpApp, SpringApp, TomcatApp } from '../model/app.ts'
import type { SpringStore } from '../model/sessions.ts'
import type { Store } from '../model/store.ts'
import { kept, mapped, orNull } from './mapping.ts'
import type { Places } from './places.ts'
import { djangoSessions, phpSessions, storeMover, tomcatSessions, without } from './sessions.ts'

/** Domain and path are parts of URLs, not of a host: they are not changed. */
const cookie = (one: AppCookie): AppCookie =>
  mapped<AppCookie>(one, {
    name: kept,
    path: kept,
    domain: kept,
    sameSite: kept,
    secure: kept,
    httpOnly: kept,
    specPath: kept,
  })

/** @param servers how many servers the application has. */
export const relocateApp = (
  app: App,
  servers: number,
  moved: (store: Store) => Store,
  places: Places,
): App => {
  const use = storeMover(moved)
  switch (app.runtime) {
    case 'none':
      return app
    case 'tomcat':
      return mapped<TomcatApp>(app, {
        runtime: kept,
        version: kept,
        context: kept,
        cookie,
        sentCookie: kept,
        webapp: orNull(places.inputFile),
        base: orNull(places.inputFile),
        contextBase: orNull(places.inputFile),
        sessions: (sessions) => tomcatSessions(sessions, servers, use, places),
        path: kept,
      })
    case 'spring':
      return mapped<SpringApp>(app, {
        runtime: kept,
        version: kept,
        cookie,
        sessions: (sessions) =>
          sessions.store === 'none'
            ? without(sessions)
            : mapped<SpringStore>(sessions, {
                path: kept,
                lifetimeMs: kept,
                store: kept,
                use,
                keyPrefix: kept,
                namespace: kept,
              }),
        path: kept,
      })
    case 'php':
      return mapped<PhpApp>(app, {
        runtime: kept,
        version: kept,
        cookie,
        sessions: (sessions) => phpSessions(sessions, use, places),
        path: kept,
      })
    case 'django':
      return mapped<DjangoApp>(app, {
        runtime: kept,
        version: kept,
        cookie,
        sessions: (sessions) => djangoSessions(sessions, use, places),
        path: kept,
      })
  }
}
