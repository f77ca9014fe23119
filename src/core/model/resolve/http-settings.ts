import type { Spec } from '../../spec/schema/index.ts'
import type { HttpSettings } from '../http-settings.ts'
import { sizeBytes } from '../size.ts'

type SpecFrontend = Spec['frontends'][string]
type SpecSettings = SpecFrontend | SpecFrontend['locations'][number]

const resolveMaxBodySize = ({ maxBodySize }: SpecSettings): HttpSettings['maxBodySize'] => {
  if (maxBodySize === undefined) return null
  return maxBodySize === 'unlimited' ? maxBodySize : sizeBytes(maxBodySize)
}

/** @param inherited the settings of the frontend, for one of its locations. */
export const resolveHttpSettings = (
  written: SpecSettings,
  inherited: HttpSettings | null,
): HttpSettings => ({
  maxBodySize: resolveMaxBodySize(written) ?? inherited?.maxBodySize ?? null,
})
