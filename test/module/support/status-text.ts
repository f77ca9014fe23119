import type { ServerStatus, Status } from './status.ts'

const head =
  /^upstream (\S+): total_busy = (\d+), total_requests = (\d+), current_peer: (\d+)\/(\d+), generation: (\d+)(?:, uncounted: (\d+))?$/

const row =
  /^ peer (\d+): (\S+)\((.*)\) down: (\d), fails: (\d+)\/(\d+), busy: (\d+)\/(\d+), weight: (-?\d+)\/(\d+), total_req: (\d+), last_req: (\d+), total_fails: (\d+), fail_acc_time: (\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})$/

type TextServer = Omit<ServerStatus, 'backup' | 'drain' | 'hits' | 'failovers'>

export interface TextStatus extends Omit<Status, 'servers'> {
  readonly servers: readonly TextServer[]
}

/** Reads what the old module's pages look like, in its order; throws at anything else. */
export const parseStatusText = (text: string): TextStatus => {
  const [first = '', empty, ...lines] = text.split('\n')
  const [, upstream = '', ...totals] = head.exec(first) ?? fail(first)
  if (empty !== '' || lines.at(-1) !== '') fail(text.slice(0, 200))
  const [active = 0, requests = 0, currentPeer = 0, count, generation = 0, uncounted = 0] =
    totals.map((text = '0') => Number(text))
  const servers = lines.slice(0, -1).map(parseRow)
  if (servers.length !== count) fail(`${count} servers, but ${servers.length} lines`)
  const numbers = { active, requests, current_peer: currentPeer, generation, uncounted }
  return { upstream, ...numbers, servers }
}

const parseRow = (line: string): TextServer => {
  const [, peer, address = '', id = '', ...rest] = row.exec(line) ?? fail(line)
  const [down, fails = 0, maxFails = 0, busy = 0, maxBusy = 0, current = 0, weight = 0] =
    rest.map(Number)
  const [, , , , , , , requests = 0, last = 0, failures = 0] = rest.map(Number)
  return {
    peer: Number(peer),
    address,
    srun_id: id,
    down: down === 1,
    fails,
    max_fails: maxFails,
    active: busy,
    max_busy: maxBusy,
    effective_weight: current,
    weight,
    requests,
    last_request: last,
    failures,
    last_failure: Date.parse(`${rest.at(-1) ?? ''} UTC`) / 1000,
  }
}

const fail = (what: string): never => {
  throw new Error(`not of the text format: ${what}`)
}
