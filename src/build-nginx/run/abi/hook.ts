import { UsageError } from '../../../errors.ts'

export const packageManagers = ['apt', 'dnf'] as const
export type PackageManager = (typeof packageManagers)[number]

/** Paths that mean themselves in a shell and in the files of both package managers. */
const plainPath = /^\/[A-Za-z0-9._/+-]+$/

/**
 * The file with which a package manager checks the modules after each transaction.
 * @throws UsageError for a path that would need quoting there.
 */
export const hookFile = (manager: PackageManager, nginx: string, config: string): string => {
  for (const path of [nginx, config])
    if (!plainPath.test(path))
      throw new UsageError(`${JSON.stringify(path)} cannot be written into the hook`, {
        help: 'name an absolute path of letters, digits and . _ / + -',
      })
  const check = `sessctl abi --from-config ${config} ${nginx}`
  // Silent when all fits. The transaction has ended: a failure is reported, not returned.
  const command = `if [ -x ${nginx} ]; then ${check} --quiet 2>/dev/null || ${check} >&2 || true; fi`
  return manager === 'apt'
    ? [
        '// Checks that the dynamic modules fit nginx, after each run of dpkg.',
        '// Save as /etc/apt/apt.conf.d/90sessctl-abi',
        `DPkg::Post-Invoke { "${command}"; };`,
        '',
      ].join('\n')
    : [
        '# Checks that the dynamic modules fit nginx, after each transaction that changes it.',
        '# Needs the plugin post-transaction-actions of dnf.',
        '# Save as /etc/dnf/plugins/post-transaction-actions.d/sessctl-abi.action',
        `nginx*:in:${command}`,
        '',
      ].join('\n')
}
