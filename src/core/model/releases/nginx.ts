import { type Product, releases } from './product.ts'

/**
 * nginx and the servers based on it, as of 28 November 2026. Sources: the tags of their
 * repositories (nginx, Angie, OpenResty, Tengine), nginx's advisories of 18 November 2026 for 1.30.7
 * and 1.31.9, and OpenResty's change log of 23 November 2026.
 */
export const nginx: Product = {
  name: 'nginx',
  ended: releases(`
    0.1.45 0.2.6 0.3.61 0.4.14 0.5.38 0.6.39 0.7.69 0.8.55 0.9.7 1.0.15 1.1.19 1.2.9 1.3.16 1.4.7
    1.5.13 1.6.3 1.7.12 1.8.1 1.9.15 1.10.3 1.11.13 1.12.2 1.13.12 1.14.2 1.15.12 1.16.1 1.17.10
    1.18.0 1.19.10 1.20.2 1.21.6 1.22.1 1.23.4 1.24.0 1.25.5 1.26.3 1.27.5 1.28.3 1.29.8`),
  // Even: stable, odd: mainline.
  open: releases('1.30.7 1.31.9'),
  oldest: '1.10',
  skipped: [],
  proposed: '1.30.7',
  majors: [],
  linesAhead: 4,
  hasNextMajor: false,
}

export const angie: Product = {
  name: 'Angie',
  ended: releases('1.0.0 1.1.0 1.2.0 1.3.2 1.4.1 1.5.2 1.6.2 1.7.0 1.8.3 1.9.1 1.10.3'),
  open: releases('1.11.8 1.12.1'),
  oldest: '1.2',
  skipped: [],
  proposed: '1.12.1',
  majors: [],
  linesAhead: 4,
  hasNextMajor: false,
}

export const tengine: Product = {
  name: 'Tengine',
  ended: releases('1.2.5 1.3.0 1.4.6 1.5.2 2.0.3 2.1.2 2.2.3 2.3.4'),
  open: releases('2.4.1 3.0.0 3.1.0 3.2.0'),
  oldest: '2.2',
  skipped: [],
  proposed: '3.2.0',
  majors: [],
  linesAhead: 4,
  hasNextMajor: true,
}

/** A line is the nginx release that it is based on; the fourth number is counted by OpenResty. */
export const openresty: Product = {
  name: 'OpenResty',
  ended: releases(`
    0.8.54.9 1.0.4.2 1.0.5.1 1.0.6.22 1.0.8.26 1.0.9.10 1.0.10.48 1.0.11.28 1.0.15.11 1.1.12.5
    1.1.13.1 1.2.1.14 1.2.3.8 1.2.4.14 1.2.6.6 1.2.7.8 1.2.8.6 1.4.1.3 1.4.2.9 1.4.3.9 1.5.8.1
    1.5.11.1 1.5.12.1 1.7.0.1 1.7.2.1 1.7.4.1 1.7.7.2 1.7.10.2 1.9.3.2 1.9.7.5 1.9.15.1 1.11.2.5
    1.13.6.2 1.15.8.3 1.17.8.2 1.19.3.2 1.19.9.2 1.21.4.4`),
  // For 1.31, each nginx since 1.31.1 may have a release: the tags are older than the change log.
  open: releases(`
    1.25.3.2 1.27.1.2 1.29.2.5 1.31.1.1 1.31.2.1 1.31.3.1 1.31.4.1 1.31.5.1 1.31.6.1 1.31.7.1
    1.31.8.1 1.31.9.1`),
  oldest: '1.9.15',
  skipped: [],
  proposed: '1.31.9.1',
  majors: [],
  linesAhead: 4,
  hasNextMajor: false,
}
