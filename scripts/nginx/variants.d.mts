/** The releases of nginx that are built for the tests, as major.minor. */
export const releases: readonly string[]
