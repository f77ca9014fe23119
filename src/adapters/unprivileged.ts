import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { UsageError } from '../errors.ts'
import type { Account, Runner } from '../ports.ts'
import { passwordEntries, passwordFile } from './password-file.ts'

/** The user that owns nothing, where /etc/passwd does not name one. */
const nobody = { uid: 65_534, gid: 65_534 }

interface Ids {
  readonly uid: number
  readonly gid: number
}

const idsOf = (name: string): Ids | null => {
  const [, number] = /^(\d{1,9})$/.exec(name) ?? []
  if (number !== undefined) return { uid: Number(number), gid: Number(number) }
  return passwordEntries().find((entry) => entry.name === name) ?? null
}

/** @throws UsageError for a name that nobody has, and for root. */
const wantedIds = (user: string | null): Ids => {
  const ids = idsOf(user ?? 'nobody') ?? (user === null ? nobody : null)
  if (ids === null)
    throw new UsageError(`user ${user} does not exist on this host`, {
      help: `--user takes a name of ${passwordFile} or a number`,
    })
  if (ids.uid === 0)
    throw new UsageError('--user root is refused: servers do not run as root', {
      help: 'remove --user (nobody is used), or set another user',
    })
  return ids
}

/** Reading any file is the one right that is kept; `access()` is to tell so as well. */
const readsAllWords = ({ uid, gid }: Ids): readonly string[] => [
  'setpriv',
  ...['--securebits', '+no_setuid_fixup', '--reuid', `${uid}`, '--regid', `${gid}`],
  ...['--clear-groups', '--no-new-privs'],
  ...['--bounding-set', '-all,+dac_read_search', '--inh-caps', '-all,+dac_read_search'],
  ...['--ambient-caps', '-all,+dac_read_search', '--'],
]

/** A program as it is started for an account; without one it is started as it is. */
export const startedFor = (
  account: Account | null,
  program: string,
  args: readonly string[],
): { readonly program: string; readonly args: readonly string[]; readonly ids: Ids | null } => {
  if (account === null) return { program, args, ids: null }
  const { uid, gid, readsAll } = account
  if (!readsAll) return { program, args, ids: { uid, gid } }
  const [setpriv = '', ...words] = readsAllWords(account)
  return { program: setpriv, args: [...words, program, ...args], ids: null }
}

/** Names the first that cannot be run, entered or opened. */
const tryToUse = `
for word; do
  one=\${word#?}
  case $word in
    s*) [ -x "$one" ] && { "$one" --version >/dev/null </dev/null; [ $? -lt 126 ]; } ;;
    x*) [ -x "$one" ] ;;
    d*) cd -- "$one" ;;
    *) true <"$one" ;;
  esac 2>/dev/null || { printf %s "$one"; exit 9; }
done`

/** It may start a program elsewhere, which a shell answers with 126 or 127 where it cannot. */
const isScript = (file: string): boolean => {
  const descriptor = openSync(file, 'r')
  try {
    const start = Buffer.alloc(2)
    readSync(descriptor, start)
    return start.toString('latin1') === '#!'
  } finally {
    closeSync(descriptor)
  }
}

/** As the script above takes it. */
const wordFor = (file: string): string => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isDirectory()) return `d${file}`
  if (!found?.isFile() || (found.mode & 0o111) === 0) return `r${file}`
  return isScript(file) ? `s${file}` : `x${file}`
}

type Tried = 'works' | 'refused' | { readonly closed: string }

const attempt = (account: Account, files: readonly string[]): Tried => {
  const { program, args, ids } = startedFor(account, '/bin/sh', [
    ...['-c', tryToUse, 'sh'],
    ...files.filter((file) => file.startsWith('/')).map(wordFor),
  ])
  const { status, stdout } = spawnSync(program, args, { cwd: '/', encoding: 'utf8', ...ids })
  if (status === 0) return 'works'
  return status === 9 ? { closed: stdout } : 'refused'
}

/**
 * Who runs programs that only read: where sessctl is root, somebody else.
 * @param files what they have to read; folders that they have to enter.
 * @param user its name or number; null: nobody.
 * @throws UsageError for a user that cannot be.
 */
export const runnerFor = (files: readonly string[], user: string | null): Runner => {
  if (process.getuid?.() !== 0) {
    if (user !== null)
      throw new UsageError('--user needs root: only root can start programs as another user', {
        help: 'remove --user: all programs then run as the present user',
      })
    return { account: null, isRoot: false, note: null }
  }
  const ids = wantedIds(user)
  const name = user ?? 'nobody'
  const plain = { ...ids, readsAll: false }
  const tried = attempt(plain, files)
  if (tried === 'works') return { account: plain, isRoot: false, note: null }
  if (tried === 'refused')
    return {
      account: null,
      isRoot: true,
      note: `programs run as root: this process may not start them as ${name} (no CAP_SETUID)`,
    }
  const { closed } = tried
  const reading = { ...ids, readsAll: true }
  if (attempt(reading, files) === 'works')
    return {
      account: reading,
      isRoot: false,
      note: `programs run as ${name} with the capability to read every file: ${name} cannot open ${closed}`,
    }
  return {
    account: null,
    isRoot: true,
    note: `programs run as root: ${name} cannot open ${closed}, and setpriv cannot grant the capability to read it`,
  }
}
