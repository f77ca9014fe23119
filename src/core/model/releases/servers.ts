import { type Product, releases } from './product.ts'

/**
 * HAProxy, Apache httpd and Tomcat, as of 28 November 2026. Sources: endoflife.date's release data,
 * haproxy.org's lists of releases, Debian's packages of the same day.
 */
export const haproxy: Product = {
  name: 'HAProxy',
  ended: releases(`
    1.1.34 1.2.18 1.3.28 1.4.27 1.5.19 1.6.16 1.7.14 1.8.31 1.9.16 2.0.35 2.1.12 2.2.34 2.3.21 2.5.14
    2.7.12 2.9.15`),
  open: releases('2.4.36 2.6.32 2.8.27 3.0.26 3.1.17 3.2.26 3.3.14 3.4.6'),
  oldest: '2.2',
  skipped: [],
  proposed: '3.2.26',
  majors: [3],
  linesAhead: 4,
  hasNextMajor: true,
}

/** Files are written for 2.4 only: a later line is not treated as 2.4. */
export const httpd: Product = {
  name: 'Apache httpd',
  ended: releases('1.3.42 2.0.65 2.1.9 2.2.34 2.3.16'),
  open: releases('2.4.71'),
  oldest: '2.4',
  skipped: [],
  proposed: '2.4.71',
  majors: [],
  linesAhead: 0,
  hasNextMajor: false,
}

/** The files differ between lines: a later line is not treated as a known one. */
export const tomcat: Product = {
  name: 'Tomcat',
  ended: releases('4.0.6 4.1.40 5.0.30 5.5.36 6.0.53 7.0.109 8.0.53 8.5.100 10.0.27'),
  open: releases('9.0.122 10.1.62 11.0.29'),
  oldest: '7.0',
  skipped: ['8.0', '10.0'],
  proposed: '10.1.62',
  majors: [6, 7, 9, 11],
  linesAhead: 0,
  hasNextMajor: false,
}
