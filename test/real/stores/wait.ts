import { setTimeout as sleep } from 'node:timers/promises'

/** For tests that start several servers each, on a busy machine. */
export const patience = 240_000

/** Asks again until there is an answer other than null; a busy machine may take a minute. */
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
