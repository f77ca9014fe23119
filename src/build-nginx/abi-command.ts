import { defineCommand, flag, text } from '../commands/define.ts'
import { formatOption } from '../commands/options.ts'

export const abiOptions = {
  fromConfig: text(
    '--from-config <file>',
    'check the modules that this nginx configuration loads, in its order',
    null,
  ),
  root: text(
    '--root <folder>',
    'search libraries and the paths of --from-config below this folder, as on the machine whose file system it is',
    null,
  ),
  hook: text(
    '--hook <manager>',
    'print the file with which apt or dnf runs this check after each transaction',
    null,
  ),
  format: formatOption,
  quiet: flag('-q, --quiet', 'print nothing but errors; the exit code is the result'),
}

export const abi = defineCommand({
  name: 'abi',
  summary: 'check whether dynamic modules fit an nginx',
  details: [
    'Reads the version and the signature of nginx and of the modules from the files, and resolves the undefined symbols of each module against nginx, the modules that are loaded before it, and the shared libraries. Nothing is run, so the files may be from another machine. Exits 1 if nginx would refuse a module, and names the configure flag, the library or the symbols.',
    'The signature does not cover structs: an nginx built with patched headers needs modules from the same source tree.',
  ],
  examples: [
    [
      'sessctl abi --from-config /etc/nginx/nginx.conf /usr/sbin/nginx',
      'the modules that this host loads',
    ],
    [
      'sessctl abi /usr/sbin/nginx /usr/lib/nginx/modules/*.so',
      'before an upgrade: which modules must be rebuilt',
    ],
    ['sessctl abi /usr/sbin/nginx', 'the version and the signature of an nginx'],
    [
      'sessctl abi --hook apt --from-config /etc/nginx/nginx.conf /usr/sbin/nginx > /etc/apt/apt.conf.d/90sessctl-abi',
      'check the modules each time apt has upgraded packages',
    ],
  ],
  operands: [
    { name: '<nginx>', description: 'the nginx binary' },
    { name: '[modules...]', description: 'the modules (.so), in the order of their load_module' },
  ],
  options: abiOptions,
  load: async () => (await import('./run/abi/run.ts')).runAbi,
})
