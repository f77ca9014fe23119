import { expect, vi } from 'vitest'
import { pairSpec, resultOf, scenarioOptions, trialsOf } from './support/lab.ts'
import { findServer, withServers } from './support/servers.ts'

vi.setConfig({ testTimeout: 300_000 })

const args = [...scenarioOptions('spread', 'subnet'), '--clients', '40']

// Not consistent: the places on that ring come from the servers' ports, which are new in each run.
const byWholeAddress = '{ method: hash, key: $remote_addr }'

const specsFor = (target: string) => {
  const direct = (affinity: string) => pairSpec({ target, affinity })
  const behind = (affinity: string) =>
    direct(affinity).replace(
      'listen: [80],',
      'listen: [80], clientAddress: { trust: [10.0.0.0/8] },',
    )
  return {
    'ip-hash': direct('{ method: ip_hash }'),
    'ip-hash-behind': behind('{ method: ip_hash }'),
    whole: direct(byWholeAddress),
    'whole-behind': behind(byWholeAddress),
  }
}

const evenIn = async (target: string, programs: Parameters<typeof trialsOf>[0]['programs']) => {
  const trials = await trialsOf({ specs: specsFor(target), programs, args })
  return trials.map((trial) => {
    const { status, figures } = resultOf(trial, 'subnet')
    return [trial.name, status, (figures?.shares.even ?? 0) > 0.5]
  })
}

withServers(
  { nginx: findServer('nginx', '1.30') },
  'nginx: ip_hash balances /24 networks, a hash of the whole address balances addresses',
  async ({ nginx }) => {
    expect(await evenIn(`nginx: { version: "${nginx.version}" }`, { nginx })).toEqual([
      ['ip-hash.yaml', 'failed', false],
      ['ip-hash-behind.yaml', 'failed', false],
      ['whole.yaml', 'held', true],
      ['whole-behind.yaml', 'held', true],
    ])
  },
)

withServers(
  { haproxy: findServer('haproxy', '3.2') },
  'HAProxy hashes the whole address',
  async ({ haproxy }) => {
    const all = await evenIn(`haproxy: { version: "${haproxy.version}" }`, { haproxy })
    expect(all.map(([name, status]) => [name, status])).toEqual(
      ['ip-hash', 'ip-hash-behind', 'whole', 'whole-behind'].map((name) => [
        `${name}.yaml`,
        'held',
      ]),
    )
  },
)
