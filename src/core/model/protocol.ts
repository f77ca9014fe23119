import type { Upstream } from './cluster.ts'

/** Whether the servers speak HTTP, over TLS or not. AJP, FastCGI and uwsgi have no upgraded connections. */
export const speaksHttp = ({ protocol }: Pick<Upstream, 'protocol'>): boolean =>
  protocol === 'http' || protocol === 'https'
