import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from './process.ts'
import type { Server } from './servers.ts'
import { tempDir } from './temp-dir.ts'

/** A folder with scripts of PHP. */
export const phpRoot = (): string => {
  const root = tempDir()
  // PHP-FPM runs as another user.
  chmodSync(root, 0o755)
  mkdirSync(join(root, 'shop'))
  const page = `<?php
header('Content-Type: application/json');
echo json_encode(['name' => getenv('NAME'), 'body' => file_get_contents('php://input')] + $_SERVER);
`
  writeFileSync(join(root, 'index.php'), page)
  writeFileSync(join(root, 'shop', 'a b.php'), page)
  return root
}

/** PHP-FPM with one process, which says its name. */
export const startPhpFpm = async (server: Server, name: string, port: number): Promise<void> => {
  const dir = tempDir()
  writeFileSync(
    join(dir, 'fpm.conf'),
    `[global]
error_log = ${dir}/error.log
daemonize = no
[www]
listen = 127.0.0.1:${port}
user = nobody
group = nogroup
pm = static
pm.max_children = 1
env[NAME] = ${name}
`,
  )
  await startServer([server.command, '-n', '-R', '-F', '-y', join(dir, 'fpm.conf')], {
    cwd: dir,
    ports: [port],
  })
}

/** uWSGI with a Python application, which says its name and what it was sent. */
export const startUwsgi = async (server: Server, name: string, port: number): Promise<void> => {
  const dir = tempDir()
  writeFileSync(
    join(dir, 'app.py'),
    `import json
def application(environ, start_response):
    sent = {key: value for key, value in environ.items() if isinstance(value, str)}
    body = environ['wsgi.input'].read().decode()
    start_response('200 OK', [('Content-Type', 'application/json')])
    return [json.dumps({'name': '${name}', 'body': body, **sent}).encode()]
`,
  )
  const options = ['--socket', `127.0.0.1:${port}`, '--wsgi-file', 'app.py', '--die-on-term']
  await startServer([server.command, '--plugin', 'python311', ...options], {
    cwd: dir,
    ports: [port],
  })
}
