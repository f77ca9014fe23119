// The rival where there is no Python: the YAML library of sessctl and string concatenation, with
// nothing checked, escaped or located. usage: plain-writer.mjs SPEC TARGET OUT
import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

const [specFile = '', target = '', out = ''] = process.argv.slice(2)
const { servers } = parse(readFileSync(specFile, 'utf8')).upstreams.app

const lines = Object.entries(servers).map(([route, server]) => {
  const { address, weight, maxFails, failTimeout } =
    typeof server === 'string' ? { address: server } : server
  if (target === 'nginx') {
    const more = weight ? ` weight=${weight} max_fails=${maxFails} fail_timeout=${failTimeout}` : ''
    return `    server ${address}${more} srun_id=${route};\n`
  }
  const more = weight
    ? ` weight ${weight} observe layer4 error-limit ${maxFails} downinter ${failTimeout}`
    : ''
  return `  server ${route} ${address} cookie ${route}${more}\n`
})
const [head, foot] = target === 'nginx' ? ['upstream app {\n', '}\n'] : ['backend app\n', '']
writeFileSync(out, head + lines.join('') + foot)
