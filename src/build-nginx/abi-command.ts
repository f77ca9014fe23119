import { defineCommand, flag } from '../commands/define.ts'
import { formatOption } from '../commands/options.ts'

export const abiOptions = {
  format: formatOption,
  quiet: flag('-q, --quiet', 'print nothing but errors; the exit code is the result'),
}

export const abi = defineCommand({
  name: 'abi',
  summary: 'check whether dynamic modules fit an nginx',
  details: [
    'Reads the version and the signature of nginx and of the modules from the files. Nothing is run, so they may be for another machine. Exits 1 if nginx would refuse a module, and names the configure flag that differs. The signature does not cover structs: an nginx built with patched headers needs modules from the same source tree.',
  ],
  examples: [
    [
      'sessctl abi /usr/sbin/nginx /usr/lib/nginx/modules/*.so',
      'before an upgrade: which modules must be rebuilt',
    ],
    ['sessctl abi /usr/sbin/nginx', 'the version and the signature of an nginx'],
  ],
  operands: [
    { name: '<nginx>', description: 'the nginx binary' },
    { name: '[modules...]', description: 'the modules (.so)' },
  ],
  options: abiOptions,
  load: async () => (await import('./run/abi.ts')).runAbi,
})
