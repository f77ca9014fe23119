import * as z from 'zod'
import * as p from './primitives.ts'

/** nginx counts thousandths in 32 bits, and HAProxy measures a rate over a period in ms. */
const most = 100_000

const perKey = {
  requests: p.requestRate
    .optional()
    .describe('requests that are accepted in the long run, such as 10/s or 30/m'),
  burst: z
    .number()
    .int()
    .min(0)
    .max(most)
    .optional()
    .describe(
      'requests above the rate that are accepted at once; default: the number in "requests"',
    ),
  connections: z
    .number()
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('requests that are processed at the same time; idle connections are not counted'),
}

const needsLimit = {
  error: 'needs "requests" or "connections"',
}

interface WrittenLimit {
  readonly requests?: string | undefined
  readonly connections?: number | undefined
}

const hasLimit = ({ requests, connections }: WrittenLimit): boolean =>
  requests !== undefined || connections !== undefined

export const limits = z.union([
  z.literal(false),
  z
    .strictObject({
      perAddress: z
        .strictObject(perKey)
        .refine(hasLimit, needsLimit)
        .optional()
        .describe('for each client address (see clientAddress)'),
      perSession: z
        .strictObject({
          cookie: p.cookieName.describe('the session cookie; requests without it count by address'),
          ...perKey,
        })
        .refine(hasLimit, needsLimit)
        .optional()
        .describe(
          'for each session cookie. A client that sends a new cookie with each request is not limited by it: set perAddress, too',
        ),
      status: z
        .number()
        .int()
        .min(400)
        .max(599)
        .default(429)
        .describe('status of rejected requests'),
    })
    .refine(
      ({ perAddress, perSession }) => perAddress !== undefined || perSession !== undefined,
      'needs "perAddress" or "perSession"',
    ),
])
