/** Below webapps: where the application of a context is. */
export const appFolder = (context: string | null): string =>
  context === null || context === '/' ? 'ROOT' : context.slice(1).replaceAll('/', '#')
