// Makes docs/images/lab-report.png: a real run of the lab, and its page in a real browser.
// usage: node scripts/lab-picture.mjs [options of sessctl lab, such as --nginx PATH]
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const browser = process.env.CHROMIUM ?? 'chromium'
const command = 'lab --compare local.yaml backup.yaml --scenario sticky,kill,back,drain'.split(' ')
const size = { width: 1180, height: 1010 }

const spec = (store) => `version: 1
name: shop
targets: { nginx: { version: "1.30.6" } }
frontends: { web: { listen: [80], locations: [{ match: /, upstream: shop }] } }
upstreams:
  shop:
    affinity: { method: jvm_route }
    servers:
      app1: { address: "10.0.0.1:8080", failTimeout: 1s }
      app2: { address: "10.0.0.2:8080", failTimeout: 1s }
      app3: { address: "10.0.0.3:8080", failTimeout: 1s }
    app: { runtime: tomcat, version: "10.1", sessions: { store: ${store} } }
`

/** Without the paths and notes of this machine, and with the details of one scenario only. */
const portable = (page) =>
  page
    .replace(/<code>.*?<\/code>/, `<code>sessctl ${command.join(' ')}</code>`)
    .replaceAll(/<ul><li>(?!<strong>).*?<\/ul>/g, '')
    .replaceAll(/<article id="(?!t0-kill").*?<\/article>/gs, '')

const folder = mkdtempSync(join(tmpdir(), 'sessctl-picture-'))
try {
  for (const store of ['local', 'backup']) writeFileSync(join(folder, `${store}.yaml`), spec(store))
  const page = execFileSync(
    process.execPath,
    [
      join(root, 'bin', 'sessctl.js'),
      ...command,
      ...['--format', 'html', ...process.argv.slice(2)],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const file = join(folder, 'report.html')
  writeFileSync(file, portable(page))
  const target = join(root, 'docs', 'images', 'lab-report.png')
  mkdirSync(join(root, 'docs', 'images'), { recursive: true })
  execFileSync(
    browser,
    [
      ...['--headless', '--disable-gpu', '--hide-scrollbars'],
      // Chromium has no sandbox for root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--window-size=${size.width},${size.height}`,
      `--screenshot=${target}`,
      `file://${file}`,
    ],
    { stdio: 'ignore' },
  )
  const kilobytes = Math.ceil(readFileSync(target).length / 1000)
  process.stdout.write(`${target}: ${kilobytes} kB\n`)
  if (kilobytes > 150) throw new Error('the picture is larger than 150 kB')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
