import { atValue } from '../../diagnostics/diagnostic.ts'
import { acceptsUrl, driverFor, schemeOf } from '../../needs/drivers.ts'
import type { ListingRule } from '../rule.ts'
import { report } from '../store-codes.ts'

export const jdbcDriverMismatch: ListingRule = ({ stores }) =>
  stores.flatMap((store) => {
    if (store.kind !== 'jdbc' || acceptsUrl(store.driver, store.url) !== false) return []
    const message = `the driver ${store.driver} does not accept URLs that start with "jdbc:${schemeOf(store.url)}:"`
    const fitting = driverFor(store.url)
    const help =
      fitting === null ? 'name the driver of the database in the URL' : `write driver: ${fitting}`
    return [report('jdbc-driver-mismatch', atValue([...store.path, 'driver']), message, help)]
  })
