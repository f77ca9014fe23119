/** All of templates/, precompiled by Handlebars in the build (scripts/templates-plugin.mjs). */
declare module 'sessctl:templates' {
  export const templates: Readonly<Record<string, TemplateSpecification>>
}
