/** What a spec says of a build; paths in it begin at its folder. */
export interface BuildWishes {
  readonly folder: string
  /** What it names outside of its repository, absolute: nothing that such a file says is shown. */
  readonly outside: ReadonlySet<string>
  readonly release: string | null
  readonly source: string | null
  /** Null: the spec says nothing of them. */
  readonly modules: readonly string[] | null
  readonly linkage: 'static' | 'dynamic' | null
  readonly openssl: string | null
  readonly pcre: string | null
  readonly zlib: string | null
  readonly patches: readonly string[]
  readonly compiler: string | null
  readonly flags: readonly string[]
}

/** Without a spec. */
export const noWishes = (folder: string): BuildWishes => ({
  folder,
  outside: new Set(),
  release: null,
  source: null,
  modules: null,
  linkage: null,
  openssl: null,
  pcre: null,
  zlib: null,
  patches: [],
  compiler: null,
  flags: [],
})
