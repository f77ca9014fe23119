/** Of all that the tested builds of nginx depend on in this repository. */
export function buildsDigest(): string

/** `module/`. */
export const moduleDir: string
