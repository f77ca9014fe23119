/*
 * One grammar of a hop, the element of a header such as X-Forwarded-For, for every dialect: an IPv4 or
 * IPv6 address, perhaps in brackets, perhaps with a port behind. What is none ends the chain. nginx reads
 * them so itself. Expressions without look-ahead and non-capturing groups, which not every library has.
 */

/** 1 to 65535. */
const port =
  ':0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])'

/** `[2001:db8::7]:51234`, `[2001:db8::7]`; the address is the group. */
export const bracketedHop = `\\[([0-9A-Fa-f:.]+)\\](${port})?`

/** `203.0.113.7:51234`; the address is the group. */
export const hopWithPort = `([0-9.]+)${port}`

/** An IPv4 address with something else behind, of which some servers read the beginning. */
export const spoiledHop = '[0-9]+\\.[0-9.]*[ \\t]*[^0-9., \\t][^,]*'

/** Fewer than four numbers, which some servers take for an address in the form of 1980. */
export const shortHop = '[0-9]+(\\.[0-9]+){0,2}\\.?'

/** What a proxy writes that does not want to tell. */
export const unknownHop = 'unknown'
