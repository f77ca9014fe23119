import type { TrafficPlanned } from '../../core/traffic/planned.ts'
import { visible } from '../visible.ts'
import { plural } from './words.ts'

/** What a run would ask. */
export const formatTrafficPlan = ({ url, scenarios }: TrafficPlanned): string =>
  [
    `${visible(url)} would be asked:`,
    ...scenarios.map(({ name, clients, requests, isClaimed, skipped }) => {
      const count = `${plural(requests, 'request')} of ${plural(clients, 'client')}`
      const what = skipped === null ? count : `skipped: ${visible(skipped)}`
      return `  ${name.padEnd(10)}${what}${isClaimed ? ', claimed' : ''}`
    }),
    '',
  ].join('\n')
