import { type Product, releases } from './product.ts'

/**
 * Runtimes and libraries of applications, as of 28 November 2026. Sources: endoflife.date's release data, PHP's
 * releases of 19 November 2026, Maven Central's and PyPI's lists, the tags of Redisson.
 */
export const spring: Product = {
  name: 'Spring Boot',
  ended: releases(
    '1.0.2 1.1.12 1.2.8 1.3.8 1.4.7 1.5.22 2.0.9 2.1.18 2.2.13 2.3.12 2.4.13 2.5.15 2.6.15',
  ),
  // Lines since 2.7 get commercial releases after the last public one.
  open: releases('2.7.18 3.0.13 3.1.12 3.2.12 3.3.13 3.4.13 3.5.16 4.0.9 4.1.2'),
  oldest: '2.7',
  skipped: [],
  proposed: '3.5.16',
  majors: [3, 4],
  linesAhead: 4,
  hasNextMajor: true,
}

export const php: Product = {
  name: 'PHP',
  ended: releases(`
    4.0.6 4.1.2 4.2.3 4.3.11 4.4.9 5.0.5 5.1.6 5.2.17 5.3.29 5.4.45 5.5.38 5.6.40 7.0.33 7.1.33 7.2.34
    7.3.33 7.4.33 8.0.30 8.1.34`),
  open: releases('8.2.36 8.3.37 8.4.28 8.5.13 8.6.0'),
  oldest: '7.0',
  skipped: [],
  proposed: '8.4.28',
  majors: [5, 7, 8],
  linesAhead: 4,
  hasNextMajor: true,
}

export const django: Product = {
  name: 'Django',
  ended: releases(`
    1.0.4 1.1.4 1.2.7 1.3.7 1.4.22 1.5.12 1.6.11 1.7.11 1.8.19 1.9.13 1.10.8 1.11.29 2.0.13 2.1.15
    2.2.28 3.0.14 3.1.14 3.2.25 4.0.10 4.1.13 5.0.14 5.1.15`),
  open: releases('4.2.30 5.2.17 6.0.8 6.1.3'),
  oldest: '4.0',
  skipped: [],
  proposed: '5.2.17',
  majors: [2, 3, 4, 5, 6],
  linesAhead: 1,
  hasNextMajor: true,
}

export const redisson: Product = {
  name: 'Redisson',
  ended: releases(`
    1.0.4 1.1.7 1.2.1 1.3.1 2.0.0 2.1.7 2.2.27 2.3.0 2.4.0 2.5.1 2.6.0 2.7.4 2.8.2 2.9.4 2.10.7 2.11.5
    2.12.5 2.13.2 2.14.1 2.15.2 3.0.1 3.1.0 3.2.4 3.3.2 3.4.4 3.5.7 3.6.5 3.7.5 3.8.2 3.9.1 3.10.7
    3.11.6 3.12.5 3.13.6 3.14.1 3.15.6 3.16.8 3.17.7 3.18.1 3.19.3 3.20.1 3.21.3 3.22.1 3.23.5 3.24.3
    3.25.2 3.26.1 3.27.2 3.28.0 3.29.0 3.30.0 3.31.0 3.32.0 3.33.0 3.34.1 3.35.0 3.36.0 3.37.0 3.38.1
    3.39.0 3.40.2 3.41.0 3.42.0 3.43.0 3.44.0 3.45.1 3.46.0 3.47.0 3.48.0 3.49.0 3.50.0 3.51.0 3.52.0`),
  open: releases('4.0.0 4.1.0 4.2.0 4.3.1 4.4.0 4.5.0 4.6.1 4.7.0'),
  oldest: '3.38',
  skipped: [],
  proposed: '3.39.0',
  majors: [3, 4],
  // Almost every release is a separate line.
  linesAhead: 20,
  hasNextMajor: true,
}
