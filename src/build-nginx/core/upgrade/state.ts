/** What can be done to a host on the way from one nginx to another. */
export type Action =
  | 'swap'
  | 'test'
  | 'start-new'
  | 'drain-old'
  | 'quit-old'
  | 'term-old'
  | 'refill-old'
  | 'quit-new'
  | 'term-new'
  | 'kill-new'
  | 'restore'
  | 'start-old'

/** How far it has come: the action of a stage is about to be taken, or was. */
export type Stage = 'install' | 'test' | 'start' | 'drain' | 'quit'

/** What is known of the way so far; a new one comes with every step. */
export interface State {
  readonly kind: 'install' | 'upgrade'
  readonly goal: 'forward' | 'back'
  readonly stage: Stage
  /** Why it goes back. */
  readonly reason: string | null
  /** The new master was seen once. */
  readonly wasBorn: boolean
  /** WINCH was sent, or was about to be, and the old master still had workers whenever it was seen since. */
  readonly isDraining: boolean
  /** What this run did since it last turned around; another run asks the world instead. */
  readonly acted: readonly Action[]
  /** The workers of the new master when it was last looked at. */
  readonly workers: readonly number[]
  /** Good answers of the new workers in this stage. */
  readonly goodAnswers: number
}

export interface Limits {
  /** How long the new processes are watched alone before the old master goes. */
  readonly soakMs: number
  /** For the new master and its workers to serve. */
  readonly startMs: number
  /** For one signal to show. */
  readonly signalMs: number
  /** For requests under way, before TERM. */
  readonly drainMs: number
}

/** One nginx: a master and its workers. */
export interface Nginx {
  /** Workers that take new connections. */
  readonly workers: readonly number[]
  /** Workers that finish what they have. */
  readonly leaving: readonly number[]
}

/** Everything the next step depends on. */
export interface Observation {
  /** Since the last action or turn, or since this run began. */
  readonly elapsedMs: number
  /** The installed files; `foreign`: somebody else's. */
  readonly files: 'old' | 'new' | 'mixed' | 'foreign'
  /** Null: gone. */
  readonly old: Nginx | null
  readonly fresh: (Nginx & { readonly hasPidFile: boolean }) | null
  /** The pid file went to `.oldbin` and came back: a new master ended. */
  readonly cameBack: boolean
  /** The pid file is not the old master's: a new master is, or was just being started. */
  readonly isChanging: boolean
  /** Null: nobody was asked. */
  readonly probe: {
    readonly good: number
    /** Answered by somebody else than the new workers. */
    readonly others: number
    readonly bad: string | null
  } | null
  /** There is an address that can be asked. */
  readonly isProbed: boolean
  /** What the last action said when it failed. */
  readonly failure: string | null
  readonly isInterrupted: boolean
  /** Nothing says that nginx should run at all: the machine was restarted. */
  readonly isRebooted: boolean
}

export type End = 'done' | 'rolled-back' | 'failed'

export type Step =
  | { readonly kind: 'do'; readonly action: Action; readonly state: State }
  | { readonly kind: 'wait'; readonly state: State }
  | {
      readonly kind: 'end'
      readonly end: End
      readonly note: string | null
      readonly state: State
    }

export const begin = (kind: State['kind']): State => ({
  kind,
  goal: 'forward',
  stage: 'install',
  reason: null,
  wasBorn: false,
  isDraining: false,
  acted: [],
  workers: [],
  goodAnswers: 0,
})

/** What another run goes on with. */
export const resumed = (state: State, goal: State['goal'], reason: string | null): State => ({
  ...state,
  goal: state.goal === 'back' ? 'back' : goal,
  reason: state.reason ?? reason,
  acted: [],
  workers: [],
  goodAnswers: 0,
})

export const act = (state: State, action: Action): Step => ({
  kind: 'do',
  action,
  state: {
    ...state,
    isDraining: action === 'drain-old' || (action !== 'refill-old' && state.isDraining),
    acted: [...state.acted, action],
  },
})

export const wait = (state: State): Step => ({ kind: 'wait', state })

export const end = (state: State, how: End, note: string | null = null): Step => ({
  kind: 'end',
  end: how,
  note,
  state,
})

export const hasActed = ({ acted }: State, action: Action): boolean => acted.includes(action)
