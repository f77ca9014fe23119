/*
 * A connection that both sides may close at the same moment loses a request: the balancer has sent it
 * when the server closes, and asks another server. So the balancer closes first.
 */

/** How long a balancer keeps an idle connection to a server. */
export const balancerIdleSeconds = 60

/** How long a server waits for the next request on a connection. */
export const serverIdleSeconds = 75
