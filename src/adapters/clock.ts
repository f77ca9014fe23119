import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../ports.ts'

/** Calls the function repeatedly until the returned function is called. */
export const everyOnHost = (milliseconds: number, work: () => void): (() => void) => {
  const timer = setInterval(work, milliseconds)
  return () => clearInterval(timer)
}

export const clockOnHost = (signal: AbortSignal): Clock => ({
  now: () => Date.now(),
  ticks: () => performance.now(),
  wait: async (milliseconds) => {
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
    signal.throwIfAborted()
  },
})
