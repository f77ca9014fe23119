import { nginxExecutable, type Target } from '../model/target.ts'

/** Checks the configuration of a proxy, and makes it effective without closing connections. */
export const reloadCommand = (target: Target): string => {
  if (target.dialect === 'haproxy')
    return 'haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy'
  if (target.dialect === 'httpd') return 'apachectl configtest && apachectl graceful'
  const program = nginxExecutable(target.flavor)
  return `${program} -t && ${program} -s reload`
}
