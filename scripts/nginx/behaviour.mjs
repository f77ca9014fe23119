// What an nginx with the module does, in short: it loads, pins, fails over, and shows its status.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A backend that answers with its name, and forgets nobody's connection when it stops. */
const startBackend = async (name) => {
  const server = createServer((_request, response) => response.end(name))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { port: server.address().port, stop }
}

/** A packaged nginx has these in folders of its own, which are not here. */
const temporaryPaths = (dir, command) => {
  const { stderr } = spawnSync(command, ['-V'], { encoding: 'utf8' })
  const names = ['fastcgi', 'uwsgi', 'scgi'].filter(
    (name) => !stderr.includes(`--without-http_${name}_module`),
  )
  return ['client_body', 'proxy', ...names].map((name) => `${name}_temp_path ${dir}/${name};`)
}

const configuration = (dir, ports, { command, loadModule, isPatched }) => {
  const server = ([id, port]) =>
    isPatched
      ? `server 127.0.0.1:${port} srun_id=${id};`
      : `server 127.0.0.1:${port}; srun_id ${id} 127.0.0.1:${port};`
  return `${loadModule}
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; worker_processes 2; pid ${dir}/pid; error_log ${dir}/error.log;
events { worker_connections 64; }
http {
  access_log off; ${temporaryPaths(dir, command).join(' ')}
  upstream app {
    ${Object.entries(ports).map(server).join(' ')}
    jvm_route $cookie_JSESSIONID|jsessionid reverse;
  }
  server {
    listen unix:${dir}/socket;
    location / { proxy_pass http://app; }
    location = /status { jvm_route_status app json; }
  }
}
`
}

const ask = (socketPath, path, session) =>
  new Promise((resolve, reject) => {
    const headers = session === undefined ? {} : { cookie: `JSESSIONID=${session}` }
    const sent = request({ socketPath, path, headers, agent: false, timeout: 20_000 }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (text) => {
        body += text
      })
      answer.on('end', () => resolve({ status: answer.statusCode, body }))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer in 20 s')))
    sent.on('error', reject)
    sent.end()
  })

const untilReady = async (socket, isGone) => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (isGone()) throw new Error('it ended')
    try {
      return await ask(socket, '/', undefined)
    } catch {
      await sleep(50)
    }
  }
  throw new Error('it is not ready after 30 s')
}

const answersOf = async (socket, times, path, session) => {
  const bodies = new Set()
  for (let i = 0; i < times; i += 1) {
    const { status, body } = await ask(socket, path, session)
    bodies.add(status === 200 ? body : `status ${status}`)
  }
  return [...bodies].sort().join(' ')
}

const expect = (what, seen, wanted) => {
  if (seen !== wanted) throw new Error(`${what}: ${seen} instead of ${wanted}`)
}

const checks = async (socket, backends) => {
  expect('no session', await answersOf(socket, 8, '/', undefined), 'a b')
  for (const route of ['a', 'b']) {
    expect(`a cookie of ${route}`, await answersOf(socket, 6, '/', `0123.${route}`), route)
    const path = `/app;jsessionid=0123.${route}?x=1`
    expect(`a path of ${route}`, await answersOf(socket, 6, path, undefined), route)
  }
  expect('an unknown route', await answersOf(socket, 8, '/', '0123.aa'), 'a b')
  const { status, body } = await ask(socket, '/status', undefined)
  expect('the status', status, 200)
  const shown = JSON.stringify(JSON.parse(body))
  for (const { port } of Object.values(backends)) {
    expect(`127.0.0.1:${port} in the status`, shown.includes(`127.0.0.1:${port}`), true)
  }
  await backends.b.stop()
  expect('a cookie of b without b', await answersOf(socket, 4, '/', '0123.b'), 'a')
}

/**
 * Starts `{ command, loadModule, isPatched }` between two backends; throws with what is not as it
 * should be, and with what nginx says of it.
 */
export const checkBehaviour = async (nginx) => {
  const dir = mkdtempSync(join(tmpdir(), 'sessctl-nginx-'))
  const backends = { a: await startBackend('a'), b: await startBackend('b') }
  const ports = Object.fromEntries(Object.entries(backends).map(([id, { port }]) => [id, port]))
  writeFileSync(join(dir, 'nginx.conf'), configuration(dir, ports, nginx))
  const child = spawn(nginx.command, ['-p', dir, '-c', join(dir, 'nginx.conf')])
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const gone = new Promise((resolve) => child.once('close', resolve))
  try {
    await untilReady(
      join(dir, 'socket'),
      () => child.exitCode !== null || child.signalCode !== null,
    )
    await checks(join(dir, 'socket'), backends)
    child.kill('SIGQUIT')
    expect('its exit code', await gone, 0)
  } catch (error) {
    child.kill('SIGKILL')
    await gone
    throw new Error(`${error.message}${said === '' ? '' : ` (${said.trim().split('\n').at(-1)})`}`)
  } finally {
    await Promise.all(Object.values(backends).map(({ stop }) => stop()))
    rmSync(dir, { recursive: true, force: true })
  }
}
