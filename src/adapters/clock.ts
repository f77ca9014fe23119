import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

export const clockOnHost = (signal: AbortSignal): Clock => ({
  now: () => Date.now(),
  ticks: () => performance.now(),
  wait: async (milliseconds) => {
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
    signal.throwIfAborted()
  },
})
