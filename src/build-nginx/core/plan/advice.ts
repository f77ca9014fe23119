/** What is to be said about a build before it begins. Errors end it. */
export interface Advice {
  readonly level: 'error' | 'warning' | 'note'
  readonly message: string
  readonly help: string | null
}

export const error = (message: string, help: string | null): Advice => ({
  level: 'error',
  message,
  help,
})
export const warning = (message: string, help: string | null = null): Advice => ({
  level: 'warning',
  message,
  help,
})
export const note = (message: string, help: string | null = null): Advice => ({
  level: 'note',
  message,
  help,
})
