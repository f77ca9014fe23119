import { env } from 'node:process'
import fc from 'fast-check'

/** The same values in every run, so that no test fails by chance; SESSCTL_PROPERTY_SEED gives others. */
export const seed = Number(env['SESSCTL_PROPERTY_SEED'] ?? 20_261_121)

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed })

export { fc }
