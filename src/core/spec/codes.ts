import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'

/** What can be wrong with a spec before its meaning is looked at. */
export const specCodes = {
  'spec-empty': {
    severity: 'error',
    summary: 'The spec holds nothing',
    why: 'An empty file is more often a lost redirect or a wrong path than a wish for no configuration at all.',
  },
  'spec-bidirectional': {
    severity: 'warning',
    summary: 'A comment that changes the order in which a line is shown',
    why: 'With U+202A to U+202E and U+2066 to U+2069 a reviewer sees another line than the one that is read ("Trojan Source"). In values, names and keys they are refused, except in secrets.',
  },
  'spec-ignore': {
    severity: 'warning',
    summary: 'A comment that ignores a diagnostic has no effect',
    why: '"# sessctl: ignore CODE REASON" hides a warning or note about the next line of the spec. A comment without a reason, with an unknown code or the code of an error, or above a line without that diagnostic does nothing, and readers would rely on it.',
  },
  'spec-too-large': {
    severity: 'error',
    summary: 'The spec is larger than 8 MiB or 1,000,000 YAML tokens',
    why: 'A spec of 10,000 servers is about 1 MiB and has fewer than 400,000 tokens; a file that is much larger is some other file.',
  },
  'spec-encoding': {
    severity: 'error',
    summary: 'The spec is not UTF-8 text',
    why: 'A byte that is not UTF-8 has no character that could be written into a configuration.',
  },
  'spec-syntax': {
    severity: 'error',
    summary: 'The spec is not valid YAML or JSON',
    why: 'The text could not be read, so nothing behind the place can be trusted.',
  },
  'spec-alias-limit': {
    severity: 'error',
    summary: 'YAML aliases expand to too much',
    why: 'A few nested aliases can expand to billions of values; reading stops before the memory does.',
  },
  'spec-unknown-key': {
    severity: 'error',
    summary: 'A key that the spec does not have',
    why: 'A key that nobody reads is a setting that silently does not apply.',
  },
  'spec-missing-key': {
    severity: 'error',
    summary: 'A key that must be there is missing',
    why: 'There is no default that would be right for everybody.',
  },
  'spec-type': {
    severity: 'error',
    summary: 'A value of the wrong type',
    why: 'YAML reads 1.26 as a number and yes as text in some tools and a boolean in others; the spec says what it wants.',
  },
  'spec-value': {
    severity: 'error',
    summary: 'A value that is not allowed there',
    why: 'Names and values that reach a configuration are limited to what every server reads back as the same text.',
  },
  'store-discontinued': {
    severity: 'error',
    summary: 'A session store that is discontinued',
    why: 'Its project ended, and no release of it works with a supported Tomcat.',
  },
} as const satisfies CodeTable

/** Paths in a spec that sessctl reads. */
export const pathCodes = {
  'path-outside': {
    severity: 'error',
    summary: 'A path that leads out of the repository',
    why: 'A spec may come with a pull request. Without a limit it could name any file of the host that generates, and messages about that file would show what it says.',
  },
  'path-not-read': {
    severity: 'info',
    summary: 'Files beside an existing file are not read',
    why: 'Files of the same conf folder may change what a Tomcat does with a context. They are read only where the spec may read them.',
  },
} as const satisfies CodeTable

export const report = reportFor(specCodes)

export const reportPath = reportFor(pathCodes)
