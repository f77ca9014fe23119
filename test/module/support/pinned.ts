import type { Answer, Balancer } from './balancer.ts'

export const route = 'jvm_route $cookie_JSESSIONID|jsessionid reverse;'
export const strictRoute = 'jvm_route $cookie_JSESSIONID|jsessionid reverse strict;'

/** A request of a session on that server. */
export const pinned = (id: string) => ({ session: `ABC.${id}` })

/** One after another. */
export const askTimes = async (
  balancer: Balancer,
  count: number,
  ask: Parameters<Balancer['ask']>[1] = {},
  upstream = 'app',
): Promise<readonly Answer[]> => {
  const answers: Answer[] = []
  for (let index = 0; index < count; index++) answers.push(await balancer.ask(upstream, ask))
  return answers
}

const distinct = (values: readonly string[]): string => [...new Set(values)].sort().join(' ')

/** What was seen of all of them, each value once: `{ by: 'a c', verdict: 'FAILOVER', … }`. */
export const seen = (answers: readonly Answer[]) => ({
  by: distinct(answers.map(({ by }) => by)),
  route: distinct(answers.map(({ route }) => route)),
  status: distinct(answers.map(({ status }) => String(status))),
  verdict: distinct(answers.map(({ verdict }) => verdict)),
})

export const allBy = (by: string, route = by, verdict = 'HIT') => ({
  by,
  route,
  status: '200',
  verdict,
})
