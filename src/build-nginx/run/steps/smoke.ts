import { BuildError } from '../../../errors.ts'
import { readSharedObject } from '../../core/abi/read.ts'
import { sha256Hex } from '../../core/digest.ts'
import { moduleNeeds } from '../../core/plan/modules.ts'
import { smokeConfig } from '../../core/smoke/config.ts'
import { countryDatabase } from '../../core/smoke/country-database.ts'
import type { SmokePorts } from '../../core/smoke/ports.ts'
import { type NamedProof, proofsOf, questionPath, wrongIn } from '../../core/smoke/proofs.ts'
import type { Daemon, Loopback, Stub } from '../../ports/build.ts'
import type { StepTools, StepWork } from '../engine.ts'
import { type Job, moduleEnv } from '../job.ts'
import type { Built } from './compile.ts'
import type { Planned } from './plan.ts'

export interface Smoked {
  /** What was seen, in words. */
  readonly seen: readonly string[]
}

const patienceMs = 20_000
const stepMs = 50

const failed = (
  what: string,
  daemon: Daemon | null,
  modules: readonly { readonly name: string }[] = [],
): BuildError => {
  const said =
    daemon
      ?.output()
      .split('\n')
      .filter((line) => /\[(warn|error|crit|alert|emerg)\]/.test(line)) ?? []
  return new BuildError(
    [
      `the smoke test of the new nginx failed: ${what}`,
      ...said.slice(0, 5).map((line) => `  ${line}`),
    ].join('\n'),
    {
      help: [
        'nothing was installed; see the log of the step',
        ...moduleNeeds(modules, said.join('\n')),
      ].join('\n'),
    },
  )
}

/** Waits until a condition holds; false when it does not in time, or nginx is gone. */
const until = async (
  isTrue: () => Promise<boolean>,
  daemon: Daemon,
  job: Job,
): Promise<boolean> => {
  const { clock } = job.world
  const end = clock.ticks() + patienceMs
  while (clock.ticks() < end && daemon.ended() === null) {
    if (await isTrue()) return true
    await clock.wait(stepMs)
  }
  return false
}

const servedBy = async (
  port: number,
  route: string,
  loopback: Loopback,
): Promise<string | null> => {
  const cookie = { Cookie: `JSESSIONID=0123456789ABCDEF.${route}` }
  const reply = await loopback.get(port, '/shop', cookie)
  return reply?.status === 200 ? reply.body : null
}

const requests = 6

/** Every request of a session goes where its route says. */
const checkPinning = async (
  ports: SmokePorts,
  daemon: Daemon,
  { world: { loopback } }: Job,
): Promise<string> => {
  for (const route of ['one', 'two']) {
    for (let request = 0; request < requests; request++) {
      const server = await servedBy(ports.listen, route, loopback)
      if (server !== route)
        throw failed(
          `a session of server ${route} was answered by ${server ?? 'no server'}`,
          daemon,
        )
    }
  }
  const inUrl = await loopback.get(ports.listen, '/shop;jsessionid=0123456789ABCDEF.two')
  if (inUrl?.body !== 'two') throw failed('a session in the URL was not recognised', daemon)
  return `${2 * requests + 1} requests reached the server of their session`
}

const checkStatus = async (
  ports: SmokePorts,
  daemon: Daemon,
  { world: { loopback } }: Job,
): Promise<string> => {
  const reply = await loopback.get(ports.status, '/')
  const hasServers = [ports.one, ports.two].every(
    (port) => reply?.body.includes(String(port)) ?? false,
  )
  if (reply?.status !== 200 || !hasServers)
    throw failed(`jvm_route_status answers with ${reply?.status ?? 'nothing'}`, daemon)
  return 'jvm_route_status lists both servers'
}

/** The session's own server is gone: somebody else answers, and the user sees no error. */
const checkFailover = async (
  ports: SmokePorts,
  two: Stub,
  daemon: Daemon,
  { world: { loopback } }: Job,
): Promise<string> => {
  await two.stop()
  for (let request = 0; request < requests; request++) {
    const server = await servedBy(ports.listen, 'two', loopback)
    if (server !== 'one')
      throw failed(
        `with server two stopped, its session was answered by ${server ?? 'no server'}`,
        daemon,
      )
  }
  return `with its server stopped, ${requests} requests of a session reached the other server`
}

/** Each module of the table makes a response that nginx without it would not. */
const checkProofs = async (
  proofs: readonly NamedProof[],
  ports: SmokePorts,
  daemon: Daemon,
  { world: { loopback } }: Job,
): Promise<readonly string[]> => {
  for (const { name, proof } of proofs)
    for (const question of proof.questions) {
      const path = questionPath(name, question)
      const wrong = wrongIn(question, await loopback.get(ports.status, path, question.headers))
      if (wrong !== null)
        throw failed(`the module ${name} does not work: of ${path}, ${wrong}`, daemon)
    }
  return proofs.map(({ name, proof }) =>
    proof.questions.length === 0 ? `${name} is loaded` : `${name} made its response`,
  )
}

const filesOfProofs: Readonly<Record<string, string | Uint8Array>> = {
  'sessctl.txt': 'sessctl: a text that is long enough to be compressed.\n'.repeat(20),
  'sessctl.js':
    "function answer(r) { r.return(200, 'sessctl njs ' + njs.version) }\nexport default { answer }\n",
  'sessctl.mmdb': countryDatabase('DE'),
}

/** Names of all modules that this nginx has in it or loads. */
const presentModules = async (
  bytes: Uint8Array,
  { modules }: Built,
  disk: Job['world']['disk'],
): Promise<ReadonlySet<string>> => {
  const shared = await Promise.all(modules.map((file) => disk.read(file)))
  return new Set(
    [bytes, ...shared].flatMap((one) =>
      (readSharedObject(one)?.modules ?? []).map(({ name }) => name),
    ),
  )
}

const serve = async (
  config: string,
  binary: string,
  folder: string,
  job: Job,
  work: (daemon: Daemon) => Promise<readonly string[]>,
  { say }: StepTools,
) => {
  const { processes } = job.world
  // -e is newer than some nginx; without it, the log that was compiled in may be tried once.
  const args = ['-p', folder, '-c', `${folder}/nginx.conf`]
  say(`${binary} ${args.join(' ')}`)
  for (const line of config.split('\n')) say(`  ${line}`)
  const daemon = await processes.start(binary, args, { cwd: folder, env: moduleEnv(job) })
  try {
    return await work(daemon)
  } finally {
    await daemon.stop()
    for (const line of daemon.output().split('\n')) say(line)
  }
}

/** Starts what was built on loopback ports, in a folder of its own, and asks it. */
export const smoke =
  (built: Built, planned: Planned, job: Job): StepWork<Smoked> =>
  async (tools) => {
    const { world, request, cache, context } = job
    const { plan } = planned
    const binary = built.nginx ?? request.forNginx
    if (binary === null) throw new BuildError('there is no nginx to load the modules into')
    const bytes = await world.disk.read(binary)
    const record = `${cache.build(built.key)}/smoke-${sha256Hex(bytes)}.json`
    const known = await world.disk.readIfThere(record)
    if (known !== null)
      return {
        value: { seen: [] },
        summary: 'already tested, with the same files',
        isCached: true,
      }
    const inside = readSharedObject(bytes)?.modules ?? []
    const present = await presentModules(bytes, built, world.disk)
    const proofs = proofsOf(plan.moduleNames, present)
    const stubs = await Promise.all(['one', 'two'].map((name) => world.loopback.serve(name)))
    const [one, two] = stubs
    if (one === undefined || two === undefined) throw new BuildError('no port is free on 127.0.0.1')
    try {
      const [listen, status] = await world.loopback.freePorts()
      const ports: SmokePorts = { listen, status, one: one.port, two: two.port }
      const seen = await context.workspace.within(async (place) => {
        const subject = {
          release: plan.release,
          folder: place.folder,
          modules: built.modules,
          isPatched: plan.seriesPatches.some(({ kind }) => kind === 'hook'),
          hasJvmRoute: plan.moduleNames.includes('jvm_route'),
          builtIn: inside.map(({ name }) => name),
          proofs,
          isRoot: world.userId === 0,
        }
        const config = smokeConfig(subject, ports)
        await place.write('nginx.conf', config)
        await place.makeFolder('logs')
        if (proofs.length > 0)
          for (const [name, content] of Object.entries(filesOfProofs))
            await place.write(name, content)
        return serve(
          config,
          binary,
          place.folder,
          job,
          async (daemon) => {
            const isUp = await until(
              async () => (await world.loopback.get(ports.listen, '/')) !== null,
              daemon,
              job,
            )
            if (!isUp) throw failed('it did not start', daemon, request.modules)
            const seenOfModules = await checkProofs(proofs, ports, daemon, job)
            if (!subject.hasJvmRoute) return ['it answers requests', ...seenOfModules]
            return [
              await checkPinning(ports, daemon, job),
              await checkStatus(ports, daemon, job),
              await checkFailover(ports, two, daemon, job),
              ...seenOfModules,
            ]
          },
          tools,
        )
      })
      await world.disk.write(record, JSON.stringify({ seen }))
      for (const line of seen) tools.say(line)
      return {
        value: { seen },
        summary: plan.moduleNames.includes('jvm_route')
          ? `session affinity, failover and the status page work${proofs.length === 0 ? '' : `; asked: ${proofs.map(({ name }) => name).join(', ')}`}`
          : proofs.length === 0
            ? 'it starts and answers requests'
            : `it starts and answers requests; asked: ${proofs.map(({ name }) => name).join(', ')}`,
        isCached: false,
      }
    } finally {
      for (const stub of stubs) await stub.stop()
    }
  }
