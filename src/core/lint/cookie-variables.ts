/** The cookie that an nginx variable holds, of the request or of a response; null: it holds none. */
export const cookieOfVariable = (variable: string): string | null =>
  /^\$\{?(?:upstream_)?cookie_(?<name>\w+)\}?$/.exec(variable)?.groups?.['name'] ?? null
