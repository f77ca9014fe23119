const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** nginx 1.0.0: for sources that do not say when they came out. */
export const firstRelease = 1_302_566_400

/** Seconds since 1970 of a release, by the list of changes that it brings; null without one. */
export const releaseDate = (changes: string, release: string): number | null => {
  const version = release.replaceAll('.', '\\.')
  const [, day, month = '', year] =
    new RegExp(`^Changes with nginx ${version} +(\\d{1,2}) (\\w{3}) (\\d{4})$`, 'm').exec(
      changes,
    ) ?? []
  if (months.includes(month))
    return Date.UTC(Number(year), months.indexOf(month), Number(day)) / 1000
  const [, date] =
    new RegExp(`<changes ver="${version}" date="(\\d{4}-\\d{2}-\\d{2})"`).exec(changes) ?? []
  return date === undefined ? null : Date.parse(`${date}T00:00:00Z`) / 1000
}
