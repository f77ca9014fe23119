/** Paths that only the proxy itself requests. */
export const pagePrefix = '/.sessctl/page-'

/** The path of a file with an error page, by its number. */
export const pageUri = (number: number): string => `${pagePrefix}${number}`
