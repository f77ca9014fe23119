/** A password that means something to URLs, INI files, Python and shells. */
export const oddPassword = 'p@ss/w%rd~&1'

/** Lines of redis.conf: nobody else gets in. */
export const oddUser = [`user shop on >${oddPassword} ~* +@all`, 'user default off']
