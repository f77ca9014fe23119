/**
 * Of a comparison that fails though the program is right. A run of all tests makes some hundreds of
 * comparisons, so that one run in ten million fails by chance.
 */
const failures = 1e-10

/**
 * How far the share of `trials` independent trials can be from its probability: it is farther away with a
 * probability below 1e-10, whatever the probability and however few the trials (Bernstein's inequality).
 */
export const mostByChance = (probability: number, trials: number): number => {
  const each = Math.log(2 / failures) / trials
  const variance = probability * (1 - probability)
  return each / 3 + Math.sqrt((each / 3) ** 2 + 2 * variance * each)
}

/** Trials whose share is as exact as the difference of the shares of these two. */
export const trialsOfBoth = (one: number, other: number): number => (one * other) / (one + other)

/** Whether a share is so far away (three standard deviations) that it is worth more trials. */
export const isUnusual = (difference: number, probability: number, trials: number): boolean =>
  Math.abs(difference) > 3 * Math.sqrt((probability * (1 - probability)) / trials)
