/** Version of every JSON document; it rises when a reader of the old form would misread the new one. */
export const jsonFormatVersion = 1

/** One document for a machine, on success and on failure. */
export const formatJson = (command: string, exitCode: number, content: object): string =>
  `${JSON.stringify({ formatVersion: jsonFormatVersion, command, exitCode, ...content }, null, 2)}\n`
