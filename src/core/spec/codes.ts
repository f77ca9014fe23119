import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'

/** Problems in the text and the values of a spec. */
export const specCodes = {
  'spec-empty': {
    severity: 'error',
    summary: 'The spec is empty',
    why: 'An empty file is usually a failed redirect or a wrong path.',
  },
  'spec-bidirectional': {
    severity: 'warning',
    summary: 'A comment that changes the order in which a line is shown',
    why: 'With U+202A to U+202E and U+2066 to U+2069, the line that a reviewer sees differs from the line that sessctl reads ("Trojan Source"). In values, names and keys these characters are rejected, except in secrets.',
  },
  'spec-ignore': {
    severity: 'warning',
    summary: 'A comment that ignores a diagnostic has no effect',
    why: '"# sessctl: ignore CODE REASON" hides a warning or note about the next line of the spec. A comment without a reason, with an unknown code or the code of an error, or above a line without that diagnostic hides nothing, although readers would expect it to.',
  },
  'spec-too-large': {
    severity: 'error',
    summary: 'The spec is larger than 8 MiB or 1,000,000 YAML tokens',
    why: 'A spec of 10,000 servers is about 1 MiB and has fewer than 400,000 tokens; a much larger file is probably not a spec.',
  },
  'spec-encoding': {
    severity: 'error',
    summary: 'The spec is not UTF-8 text',
    why: 'A byte sequence that is not UTF-8 cannot be written into a configuration.',
  },
  'spec-syntax': {
    severity: 'error',
    summary: 'The spec is not valid YAML or JSON',
    why: 'The text cannot be parsed, so the spec is not checked.',
  },
  'spec-alias-limit': {
    severity: 'error',
    summary: 'YAML aliases expand to too many values',
    why: 'A few nested aliases can expand to billions of values; parsing stops before the memory is used up.',
  },
  'spec-unknown-key': {
    severity: 'error',
    summary: 'A key that the spec does not have',
    why: 'Accepting an unknown key would silently ignore a setting.',
  },
  'spec-missing-key': {
    severity: 'error',
    summary: 'A required key is missing',
    why: 'No default value is correct for every installation.',
  },
  'spec-type': {
    severity: 'error',
    summary: 'A value of the wrong type',
    why: 'Each field of the spec has one type. YAML reads 1.26 as a number, and some YAML readers read yes as a boolean.',
  },
  'spec-value': {
    severity: 'error',
    summary: 'A value that is not allowed',
    why: 'Names and values in a configuration are limited to text that every server reads unchanged.',
  },
  'store-discontinued': {
    severity: 'error',
    summary: 'A session store that is discontinued',
    why: 'The project has ended, and none of its releases works with a supported Tomcat.',
  },
} as const satisfies CodeTable

/** Problems with the files that a spec names. */
export const pathCodes = {
  'path-outside': {
    severity: 'error',
    summary: 'A path that leads out of the repository',
    why: 'A spec may come with a pull request. Without a limit it could name any file of the host that runs sessctl, and messages about that file would show its content.',
  },
  'path-not-read': {
    severity: 'info',
    summary: 'Other files in the folder of an existing file are not read',
    why: 'Files of the same conf folder may change how Tomcat configures a context. They are read only if the spec may read them.',
  },
} as const satisfies CodeTable

export const report = reportFor(specCodes)

export const reportPath = reportFor(pathCodes)
