import { defineCommand, flag } from './define.ts'
import { formatOption } from './options.ts'

export const abiOptions = {
  format: formatOption,
  quiet: flag('-q, --quiet', 'say nothing but errors; the exit code is the answer'),
}

export const abi = defineCommand({
  name: 'abi',
  summary: 'say whether modules fit an nginx, and which flag differs if not',
  details:
    'Reads the version and the signature out of the files: nothing is run, and nginx may be for another machine than this one. Exits 1 when nginx would refuse a module. The signature knows no struct: an nginx whose headers were patched needs modules from the same tree.',
  examples: [
    [
      'sessctl abi /usr/sbin/nginx /usr/lib/nginx/modules/*.so',
      'before an upgrade: which modules must be built anew',
    ],
    ['sessctl abi /usr/sbin/nginx', 'the release and the signature of an nginx'],
  ],
  operands: { usage: 'NGINX [MODULE.so…]', least: 1, most: Number.POSITIVE_INFINITY, rest: null },
  options: abiOptions,
  load: async () => (await import('./abi/run.ts')).runAbi,
})
