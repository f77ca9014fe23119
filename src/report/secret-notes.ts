import type { DialectName } from '../core/dialects/dialect.ts'
import { modeText, privateMode } from '../core/output/manifest.ts'
import type { Change } from '../core/output/plan.ts'

/** Who reads the artifacts of a dialect on a server. */
const readers: Readonly<Record<DialectName, string>> = {
  nginx: 'root (nginx reads its configuration before it changes user)',
  haproxy: 'root (HAProxy reads its configuration before it changes user)',
  httpd: 'root (httpd reads its configuration before it changes user)',
  tomcat: 'the user that runs Tomcat',
  spring: 'the user that runs the application',
  php: 'the user that runs PHP (root for php-fpm)',
  django: 'the user that runs Django',
}

/** Which user must be able to read each file with a secret that is new, or was not private before. */
export const secretNotes = (changes: readonly Change[]): readonly string[] => {
  const dialects = changes.flatMap(({ action, privateFor, openMode }) =>
    privateFor !== null && (action === 'create' || openMode !== null) ? [privateFor] : [],
  )
  if (dialects.length === 0) return []
  const lines = [...new Set(dialects)].map((dialect) => {
    const count = dialects.filter((each) => each === dialect).length
    const files = count === 1 ? '1 file' : `${count} files`
    return `  ${dialect}, ${files}: must be readable by ${readers[dialect]}\n`
  })
  return [
    `files with a literal secret have mode ${modeText(privateMode)}:\n`,
    ...lines,
    '  for a user other than the owner: chgrp GROUP FILE, chmod 0640 FILE; generate keeps both\n',
  ]
}
