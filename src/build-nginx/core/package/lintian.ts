import type { Form } from './form.ts'

/** Tags of lintian that hold by design; docs/build-nginx.md has the reasons. */
const byDesign: Readonly<Record<Form, readonly string[]>> = {
  service: [
    'dir-or-file-in-opt',
    'dir-or-file-in-etc-opt',
    'missing-intermediate-directory',
    'unstripped-binary-or-object',
  ],
  'drop-in': ['unstripped-binary-or-object'],
  'debian-modules': ['unstripped-binary-or-object'],
  modules: ['unstripped-binary-or-object'],
}

/** The file of overrides that is in the package. */
export const lintianOverrides = (name: string, form: Form): string =>
  byDesign[form].map((tag) => `${name}: ${tag} *\n`).join('')
