/** What the install scripts could not get: the reason, by name; of `*` the reason is one for all. */
export function gaps(): ReadonlyMap<string, string>
