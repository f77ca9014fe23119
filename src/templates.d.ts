/** All of templates/, precompiled by the build (scripts/templates-plugin.mjs): name → Handlebars specification. */
declare module 'sessctl:templates' {
  export const templates: Readonly<Record<string, object>>
}

/** The Handlebars runtime without its compiler; typed as the part that we use. */
declare module 'handlebars/runtime.js' {
  interface Runtime {
    create(): Runtime
    template(specification: object): (view: object) => string
    registerPartial(name: string, partial: (view: object) => string): void
    registerHelper(name: string, helper: (value: unknown) => string): void
  }
  const runtime: Runtime
  export default runtime
}
