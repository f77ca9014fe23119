/** All of templates/, each compiled to a function by the build (scripts/compile-templates.mjs). */
declare module 'sessctl:templates' {
  /** Escaping helpers by name. */
  export type Escapes = Readonly<Record<string, (value: unknown) => string>>

  export const templates: Readonly<
    Record<string, ((view: object, escapes: Escapes) => string) | undefined>
  >
}
