/** All of 127/8 is one host, from each of whose addresses a client can come. */
export const hasManyAddresses = (address: string): boolean => /^127\./.test(address)
