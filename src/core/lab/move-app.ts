import type { App, TomcatApp } from '../model/app.ts'
import { storeOf } from '../model/app.ts'
import { isReplicated, type ReplicatedSessions } from '../model/sessions.ts'
import type { Secret, Store } from '../model/store.ts'

/** What becomes of an application's surroundings in a lab. */
export interface Surroundings {
  readonly storeFor: (store: Store) => Store
  readonly folderFor: (written: string) => string
  readonly keyFor: (written: Secret | null) => Secret | null
  /** The first of as many ports as the upstream has servers. */
  readonly replicationPort: () => number
  readonly note: (text: string) => void
}

/** Whatever the store: the entry of `stores` and the folder that it names. */
const moved = <Sessions extends object>(
  app: App,
  sessions: Sessions,
  around: Surroundings,
): Sessions => {
  const store = storeOf(app)
  const directory: unknown = 'directory' in sessions ? sessions.directory : null
  return {
    ...sessions,
    ...(store === null ? {} : { use: around.storeFor(store) }),
    ...(typeof directory === 'string' ? { directory: around.folderFor(directory) } : {}),
  }
}

const replicated = (sessions: ReplicatedSessions, around: Surroundings): ReplicatedSessions => {
  const { membership } = sessions
  const isStatic = membership === 'static' || membership === 'static-service'
  if (!isStatic)
    around.note(`members are listed, not found by ${membership}: there is one host only`)
  return {
    ...sessions,
    membership: isStatic ? membership : 'static',
    port: around.replicationPort(),
    encryptionKey: around.keyFor(sessions.encryptionKey),
  }
}

const moveTomcat = (app: TomcatApp, around: Surroundings): TomcatApp => {
  if (app.base !== null || app.contextBase !== null)
    around.note('server.xml and context.xml are new ones, not the edited ones')
  const { sessions } = app
  return {
    ...app,
    webapp: null,
    base: null,
    contextBase: null,
    cookie: { ...app.cookie, domain: null },
    sessions: isReplicated(sessions) ? replicated(sessions, around) : moved(app, sessions, around),
  }
}

/** An application in the surroundings of a lab. */
export const moveApp = (app: App, around: Surroundings): App => {
  switch (app.runtime) {
    case 'none':
      return app
    case 'tomcat':
      return moveTomcat(app, around)
    case 'spring':
      return { ...app, sessions: moved(app, app.sessions, around) }
    case 'php':
      return { ...app, sessions: moved(app, app.sessions, around) }
    case 'django':
      return { ...app, sessions: moved(app, app.sessions, around) }
  }
}
