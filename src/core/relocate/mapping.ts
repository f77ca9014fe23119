/** A function for each field of a part of the model. A missing field is a compile error. */
export type Mapping<Part> = {
  readonly [Name in keyof Part]-?: (value: Part[Name]) => Part[Name]
}

/** The field contains no address and no file of a host. */
export const kept = <Value>(value: Value): Value => value

/** The part with every field mapped. */
export const mapped = <Part extends object>(part: Part, mapping: Mapping<Part>): Part => {
  const result = { ...part }
  const decide = <Name extends keyof Part>(name: Name): void => {
    result[name] = mapping[name](part[name])
  }
  for (const name of Object.keys(mapping) as (keyof Part)[]) decide(name)
  return result
}

/** The mapping for a field that can be null. */
export const orNull =
  <Value>(map: (value: Value) => Value | null) =>
  (value: Value | null): Value | null =>
    value === null ? null : map(value)
