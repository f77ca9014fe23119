import { readFileSync } from 'node:fs'

export const passwordFile = '/etc/passwd'

export interface PasswordEntry {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** The users in /etc/passwd; none where the file cannot be read. Users of directories are not in it. */
export const passwordEntries = (): readonly PasswordEntry[] => {
  let text = ''
  try {
    text = readFileSync(passwordFile, 'latin1')
  } catch {
    return []
  }
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter(({ length }) => length > 3)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}
