const pattern = /^(?:\*\.|\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:\.\*)?$|^\[[0-9A-Fa-f:.]+\]$/

/** A host name or address, with `*` as its first or last label or both, or with a dot before it. */
export const isHostPattern = (name: string): boolean => pattern.test(name)
