/**
 * A value of php.ini between double quotes. Variables of ours stay variables; texts of the user that
 * hold one have been refused.
 */
export const iniValue = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`

/** The name of a setting, which is ours. */
export const iniKey = (value: string | number): string => {
  const text = String(value)
  if (!/^[a-z_.]+$/.test(text)) throw new RangeError(`"${text}" is no name of a setting`)
  return text
}
