import { nginxExecutable, type Target } from '../model/target.ts'

/** Checks the configuration of a proxy, and makes it effective without closing connections. */
export const reloadCommand = (target: Target): string => {
  if (target.dialect === 'haproxy') {
    // The service of an existing file may have several, which its reload checks.
    return target.base === null
      ? 'haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy'
      : 'systemctl reload haproxy'
  }
  if (target.dialect === 'httpd') return 'apachectl configtest && apachectl graceful'
  const program = nginxExecutable(target.flavor)
  return `${program} -t && ${program} -s reload`
}
