export const releasesPage = (results) => JSON.stringify(results)
