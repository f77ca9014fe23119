/** The environment of a build: the installed toolchain first, and what remembers its answers. */
export function buildEnvironment(): Readonly<Record<string, string>>
