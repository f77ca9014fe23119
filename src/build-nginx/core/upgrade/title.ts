/** How a master was started, as nginx itself shows it in the list of processes. */
export interface MasterTitle {
  /** As it was called: nginx executes this again for a new binary. */
  readonly program: string
  readonly args: readonly string[]
}

export const masterTitle = 'nginx: master process '
export const workerTitle = 'nginx: worker process'
export const leavingTitle = 'nginx: worker process is shutting down'

/** Options whose value may hold spaces; the title has no quotes, so a value ends at the next of them. */
const option = / -([cpge]) /g

/** @returns null for a title that is no master's, or has options that we do not know. */
export const parseTitle = (title: string): MasterTitle | null => {
  if (!title.startsWith(masterTitle)) return null
  const line = `${title.slice(masterTitle.length).trimEnd()} `
  const marks = [...line.matchAll(option)]
  const program = line.slice(0, marks[0]?.index ?? line.length).trim()
  if (program === '' || / -\S/.test(program)) return null
  const values = marks.map(({ 0: text, 1: name = '', index }, at) => ({
    name,
    value: line.slice(index + text.length, marks[at + 1]?.index ?? line.length).trim(),
  }))
  return {
    program,
    args: values.flatMap(({ name, value }) => [`-${name}`, value]),
  }
}
