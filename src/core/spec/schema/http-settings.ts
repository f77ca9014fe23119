import * as p from './primitives.ts'

/**
 * Fields of a frontend that may also stand in one of its locations, where they replace the value of the
 * frontend. The shape is spread into both objects.
 */
export const httpSettings = {
  maxBodySize: p.bodySize
    .optional()
    .describe(
      'the largest request body, such as 20m; larger requests get 413. Default: that of the target (nginx 1m, others unlimited)',
    ),
}
