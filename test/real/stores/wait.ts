import { setTimeout as sleep } from 'node:timers/promises'

/** The timeout of tests that start several servers, on a slow machine. */
export const patience = 240_000

/** Repeats a query until its result is not null, for at most a minute. */
export const until = async <Answer>(
  what: string,
  ask: () => Promise<Answer | null> | Answer | null,
): Promise<Answer> => {
  const end = performance.now() + 60_000
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (performance.now() > end) throw new Error(`waited for ${what}, in vain`)
    await sleep(100)
  }
}
