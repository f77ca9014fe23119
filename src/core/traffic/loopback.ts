/** Whether an address leads back to this host. */
export const isLoopback = (address: string): boolean =>
  /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/i.test(address) || address === '::1'

/** All of 127/8 is one host, from each of whose addresses a client can come. */
export const hasManyAddresses = (address: string): boolean => /^127\./.test(address)
