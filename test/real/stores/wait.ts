import { setTimeout as sleep } from 'node:timers/promises'

/** For tests that start several servers each, on a busy machine. */
export const patience = 240_000

/** Asks again until there is an answer other than null, or the time is over; then null. */
export const within = async <Answer>(
  milliseconds: number,
  ask: () => Promise<Answer | null> | Answer | null,
): Promise<Answer | null> => {
  const end = performance.now() + milliseconds
  for (;;) {
    const answer = await ask()
    if (answer !== null || performance.now() > end) return answer
    await sleep(100)
  }
}

/** Asks again until there is an answer other than null; a busy machine may take a minute. */
export const until = async <Answer>(
  what: string,
  ask: () => Promise<Answer | null> | Answer | null,
): Promise<Answer> => {
  const answer = await within(60_000, ask)
  if (answer === null) throw new Error(`waited for ${what}, in vain`)
  return answer
}
