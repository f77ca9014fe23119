import type { Scenario } from '../../core/traffic/scenario.ts'
import { IoError } from '../../errors.ts'

/** @throws IoError when nothing of what is wanted can be shown here. */
export const checkShown = (
  wanted: readonly Scenario[],
  hidden: (scenario: Scenario) => string | null,
): void => {
  if (wanted.length === 0) return
  const reasons = wanted.flatMap((scenario) => {
    const reason = hidden(scenario)
    return reason === null ? [] : [`${scenario.name}: ${reason}`]
  })
  if (reasons.length < wanted.length) return
  throw new IoError(`no scenario can be shown here (${reasons.join('; ')})`, {
    help: 'a host with the whole of 127.0.0.0/8 can show them, as Linux does; ::1 is one address',
  })
}
