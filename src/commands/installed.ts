import type { InstalledVersions } from '../core/model/resolve/targets.ts'
import type { Spec } from '../core/spec/schema/index.ts'
import type { Exec } from '../ports.ts'

/** How each program says its version; `nginx -v` answers on standard error. */
const questions = {
  nginx: { args: ['-v'], answer: /nginx\/(\d+\.\d+\.\d+)/ },
  haproxy: { args: ['-v'], answer: /version (\d+\.\d+\.\d+)/ },
  httpd: { args: ['-v'], answer: /Apache\/(\d+\.\d+\.\d+)/ },
} as const

/** Debian calls httpd apache2. */
const programs = { nginx: ['nginx'], haproxy: ['haproxy'], httpd: ['httpd', 'apache2'] } as const

const ask = async (target: keyof typeof questions, exec: Exec): Promise<string | undefined> => {
  const { args, answer } = questions[target]
  for (const program of programs[target]) {
    const result = await exec.run(program, args)
    const found = answer.exec(`${result?.stdout ?? ''}\n${result?.stderr ?? ''}`)?.[1]
    if (found !== undefined) return found
  }
  return undefined
}

/** Asks the programs of this host, but only those whose version the spec leaves to it. */
export const installedVersions = async (
  { targets }: Spec,
  exec: Exec,
): Promise<InstalledVersions> => {
  const versions: Record<string, string | undefined> = {}
  for (const target of ['nginx', 'haproxy', 'httpd'] as const) {
    if (targets[target]?.version === 'installed') versions[target] = await ask(target, exec)
  }
  return versions
}
