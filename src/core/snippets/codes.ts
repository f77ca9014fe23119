import type { CodeTable } from '../diagnostics/diagnostic.ts'
import { reportFor } from '../diagnostics/findings.ts'

/** Text of the user in the language of a proxy. */
export const snippetCodes = {
  'snippet-syntax': {
    severity: 'error',
    summary: 'A snippet that is not a whole part of its block',
    why: 'A snippet that ends its block, or leaves a quote or block open, changes the meaning of the configuration after it.',
  },
  'snippet-file': {
    severity: 'error',
    summary: 'A snippet file that is not text',
    why: 'The file of a snippet is UTF-8 text of at most 64 KiB without control characters other than line ends and tabs.',
  },
  'snippet-include': {
    severity: 'error',
    summary: 'A snippet that includes other text',
    why: 'sessctl does not read included files and macros, so it cannot check that they stay in the block of the snippet.',
  },
  'snippet-code': {
    severity: 'error',
    summary: 'A snippet that loads code',
    why: 'The server runs the code when it reads its configuration, also for `sessctl validate`: a spec must not be able to run programs.',
  },
  'snippet-conflict': {
    severity: 'error',
    summary: 'A snippet that sets what sessctl sets',
    why: 'The server refuses the second setting, or uses one of the two, and the spec no longer says what the site does.',
  },
  'snippet-affinity': {
    severity: 'error',
    summary: 'A snippet that hides the affinity',
    why: 'A second balancing method, another server or another way to the servers sends requests past the affinity of the upstream: sessions are lost.',
  },
  'snippet-field': {
    severity: 'info',
    summary: 'A snippet for which there is a field',
    why: 'A field means the same in every proxy, is checked, and is seen by the rules. A snippet is for settings without a field.',
  },
  'snippet-not-inherited': {
    severity: 'warning',
    summary: 'A line of a snippet that does not apply to all locations',
    why: 'nginx inherits headers, error pages, limits and access rules only in blocks that have none of their own.',
  },
  'snippet-shared': {
    severity: 'warning',
    summary: 'A snippet that applies to several frontends',
    why: 'Frontends of the spec that listen on the same addresses become one frontend of HAProxy, and its lines apply to all their requests.',
  },
} as const satisfies CodeTable

export const report = reportFor(snippetCodes)
