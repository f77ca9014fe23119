import type { TomcatApp } from '../../../model/app.ts'
import { localManagerOf } from '../manager.ts'
import { element, noParts, type StoreParts } from './parts.ts'

/** Sessions in one Tomcat only. */
export const localStore = (app: TomcatApp): StoreParts => {
  const { attributes, diagnostics } = localManagerOf(app)
  const manager = attributes === null ? null : element('Manager', attributes)
  return { ...noParts, manager, diagnostics }
}
