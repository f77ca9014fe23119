import type { LabPlanned } from '../../core/lab/planned.ts'
import type { TrafficPlanned } from '../../core/traffic/planned.ts'
import { visible } from '../visible.ts'
import { plural } from './words.ts'

/** The requests of a run of `verify`. */
export const formatTrafficPlan = ({ url, scenarios }: TrafficPlanned): string =>
  [
    `requests to ${visible(url)}:`,
    ...scenarios.map(({ name, clients, requests, isClaimed, skipped }) => {
      const count = `${plural(requests, 'request')} of ${plural(clients, 'client')}`
      const what = skipped === null ? count : `skipped: ${visible(skipped)}`
      return `  ${name.padEnd(10)}${what}${isClaimed ? ', claimed' : ''}`
    }),
    '',
  ].join('\n')

const widthOf = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map((text) => visible(text).length))

/** The processes and scenarios of a run of `lab`. */
export const formatLabPlan = ({ name, processes, scenarios, notes }: LabPlanned): string => {
  const names = widthOf(processes.map((process) => process.name))
  const titles = widthOf(processes.map(({ title }) => title))
  return [
    `processes of ${visible(name)}:`,
    ...processes.map(
      (process) =>
        `  ${visible(process.name).padEnd(names)}  ${visible(process.title).padEnd(titles)}  ${visible(process.program)}`,
    ),
    ...notes.map((note) => `  note: ${visible(note)}`),
    'scenarios:',
    ...scenarios.map((scenario) => {
      const word = scenario.isClaimed ? 'claimed' : 'not claimed'
      return `  ${scenario.name.padEnd(9)} ${scenario.skipped === null ? word : `skipped: ${visible(scenario.skipped)}`}`
    }),
    '',
  ].join('\n')
}
