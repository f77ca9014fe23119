/** What a path that ends with a slash runs, with every proxy. */
export const scriptOfFolder = 'index.php'
