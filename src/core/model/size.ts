const unitBytes: Readonly<Record<string, number>> = { k: 1024, m: 1024 * 1024 }

/** Bytes of `64k`, `1m` or a plain number; the schema has checked the form. */
export const sizeBytes = (size: string): number =>
  Number.parseInt(size, 10) * (unitBytes[size.slice(-1).toLowerCase()] ?? 1)
