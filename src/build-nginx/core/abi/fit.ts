import type { ModuleFacts, NginxFacts, SharedObject } from './read.ts'
import { type Difference, differences } from './signature.ts'

/** Why nginx would refuse to load a module. */
export interface Misfit {
  readonly module: string
  readonly reason: 'version' | 'signature' | 'machine' | 'no-signature'
  readonly nginxVersion: number
  readonly moduleVersion: number
  readonly differences: readonly Difference[]
}

type Nginx = Pick<NginxFacts, 'version' | 'signature' | 'machine'>

const misfit = (nginx: Nginx, module: ModuleFacts, machine: number): Misfit | null => {
  const common = {
    module: module.name,
    nginxVersion: nginx.version,
    moduleVersion: module.version,
    differences: [],
  }
  if (machine !== nginx.machine) return { ...common, reason: 'machine' }
  // In the order of nginx's own checks.
  if (module.version !== nginx.version) return { ...common, reason: 'version' }
  if (nginx.signature === null) return { ...common, reason: 'no-signature' }
  if (module.signature === nginx.signature) return null
  return {
    ...common,
    reason: 'signature',
    differences: differences(nginx.signature, module.signature),
  }
}

/** What nginx would say to a shared object: nothing when it fits. */
export const misfits = (
  nginx: Nginx,
  { modules, machine }: Pick<SharedObject, 'modules' | 'machine'>,
): readonly Misfit[] =>
  modules.map((module) => misfit(nginx, module, machine)).filter((one) => one !== null)
