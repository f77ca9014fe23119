/*
 * The balancer closes an idle connection before the server does. Otherwise the server may close it while
 * the balancer sends a request, which is then sent to another server.
 */

/** How long a balancer keeps an idle connection to a server. */
export const balancerIdleSeconds = 60

/** How long a server waits for the next request on a connection. */
export const serverIdleSeconds = 75
