import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withoutEffect } from '../../fields.ts'
import type { NginxModule, NginxTarget } from '../../model/target.ts'
import type { Features } from './features.ts'
import type { HttpView } from './views.ts'

/** Whether anything that is written belongs to the module. */
const isUsed = (module: NginxModule, { upstreams, isVts }: HttpView): boolean => {
  if (module === 'vts') return isVts
  return upstreams.some(({ jvmRoute, stickyNg, sessionSticky, check }) => {
    if (module === 'jvm_route') return jvmRoute !== null
    if (module === 'sticky-ng') return stickyNg !== null
    return module === 'session_sticky' ? sessionSticky !== null : check !== null
  })
}

const purposes: Readonly<Record<NginxModule, string>> = {
  jvm_route: 'affinity: { method: jvm_route }',
  'sticky-ng': 'affinity: { method: sticky, by: cookie }',
  session_sticky: 'affinity: { method: sticky, by: cookie }',
  upstream_check: 'check',
  vts: 'a location with status',
}

/** What a target says about modules that no part of the spec makes use of. */
export const moduleNotes = (
  { loadModules, modules, path, unpatched }: NginxTarget,
  { label }: Features,
  view: HttpView,
): readonly Diagnostic[] => {
  const unused = [...modules].filter((module) => !isUsed(module, view))
  return [
    ...(loadModules && modules.size === 0
      ? [withoutEffect([...path, 'loadModules'], label, 'no module is named', 'name it in modules')]
      : []),
    ...(unpatched && !isUsed('jvm_route', view)
      ? [
          withoutEffect(
            [...path, 'unpatched'],
            label,
            'nothing is written for the module jvm_route',
          ),
        ]
      : []),
    // One that is loaded is there for whoever else uses it.
    ...(loadModules ? [] : unused).map((module) =>
      withoutEffect(
        [...path, 'modules', [...modules].indexOf(module)],
        label,
        `nothing is written for the module ${module}`,
        `it is for ${purposes[module]}`,
      ),
    ),
  ]
}
