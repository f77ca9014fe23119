/** A library that a module links, and the packages that have its headers. */
export interface NeededLibrary {
  readonly what: string
  readonly debian: string
  readonly rpm: string
}

/** A request to the nginx that was built, and what of the response shows that the module made it. */
export interface Question {
  /** Below the location of the module: empty for the location itself. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly status: number
  /** A header and a part of its value. */
  readonly header: readonly [name: string, part: string] | null
  /** A part of the body. */
  readonly body: string | null
}

/**
 * Directives that the smoke test adds. In them `@folder@` is its folder, `@one@` and `@two@` are the ports
 * of two servers that answer with their names, and `@place@` is the path of the location.
 */
export interface Proof {
  /** A module that nginx lists; a module of the same name from elsewhere is not asked. */
  readonly module: string
  /** Modules of nginx without which the proof is left out. */
  readonly needs: readonly string[]
  readonly main: readonly string[]
  readonly http: readonly string[]
  /** Locations below `@place@`, by the rest of their path. */
  readonly locations: Readonly<Record<string, readonly string[]>>
  /** None: that nginx accepts the directives is the proof. */
  readonly questions: readonly Question[]
}

/** A module that has a name here; nobody has to remember where it lives and what it needs. */
export interface KnownModule {
  readonly url: string
  /** What is taken when nothing else is said; null: it must be said. */
  readonly ref: string | null
  /** Where its file `config` is in the source; empty: at the top. */
  readonly folder: string
  readonly what: string
  /** Modules whose types and symbols it uses: they are built too, and before it. */
  readonly after: readonly string[]
  /** Modules that are placed before it if they are built. */
  readonly behind: readonly string[]
  /** Variables that its file `config` or its library reads (--env), with what they say. */
  readonly environment: Readonly<Record<string, string>>
  readonly libraries: readonly NeededLibrary[]
  /** Folders that are submodules in its repository, without which it does not compile. */
  readonly submodules: readonly string[]
  /** Flags of configure that leave out what it uses of nginx. */
  readonly notWith: readonly string[]
  /** Without one of the patches that it brings, nginx does not have what it calls. */
  readonly needsPatch: boolean
  readonly isStaticOnly: boolean
  readonly proof: Proof | null
}

const nothing = {
  folder: '',
  after: [],
  behind: [],
  environment: {},
  libraries: [],
  submodules: [],
  notWith: [],
  needsPatch: false,
  isStaticOnly: false,
  proof: null,
} as const

type Written = Pick<KnownModule, 'url' | 'ref' | 'what'> & Partial<KnownModule>

/** A row of the table: what is not written is not needed. */
export const known = (written: Written): KnownModule => ({ ...nothing, ...written })

type WrittenProof = Pick<Proof, 'module'> & Partial<Proof>

export const proof = (written: WrittenProof): Proof => ({
  needs: [],
  main: [],
  http: [],
  locations: {},
  questions: [],
  ...written,
})

export const asked = (written: Partial<Question>): Question => ({
  path: '',
  headers: {},
  status: 200,
  header: null,
  body: null,
  ...written,
})
