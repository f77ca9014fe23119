import type { SimpleGit } from 'simple-git'
import { confPaths } from '../../../src/adapters/git/conf-paths.ts'
import { workingTreeForm } from '../../../src/adapters/git/working-tree-form.ts'
import type { Read } from '../read.ts'

const encodings = ['UTF-16LE', 'UTF-16', 'latin1', 'no such', 'unspecified']

/** What `git ls-tree -z` prints is the input, whatever the arguments. */
export const read: Read = async (bytes) => {
  const git = { raw: async () => bytes.toString('utf8') } as unknown as SimpleGit
  for (const path of await confPaths((question) => question(git), 'HEAD', 'conf'))
    if (path.includes('\u0000')) throw new Error('a path with a zero byte')
  for (const encoding of encodings)
    workingTreeForm(bytes, {
      text: 'set',
      crlf: 'unspecified',
      eol: 'crlf',
      encoding,
      autocrlf: null,
      coreEol: null,
      isWindows: false,
    })
}
