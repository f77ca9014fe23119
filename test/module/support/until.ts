import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition that something else brings about; throws with `what` when it does not. */
export const until = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadline = 60_000,
): Promise<void> => {
  const end = performance.now() + deadline
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${deadline} ms in vain: ${what}`)
    await sleep(5)
  }
}
