import * as z from 'zod'
import * as p from './primitives.ts'

/** Responses of a location that no application sees. */

const redirectUrl = p.matching({
  most: 2048,
  pattern:
    /^(?:\/|https?:\/\/)(?:(?:[A-Za-z0-9\-._~:/[\]@!&'()*+,;=%]|\{request\.host\})*\{request\.uri\}|(?:[A-Za-z0-9\-._~:/?#[\]@!&'()*+,;=%]|\{request\.host\})*)$/,
  form: 'a percent-encoded path or URL, such as /shop/ or https://www.example.com{request.uri}; {request.host} is the host of the request, {request.uri} (at the end) its path and query; "$" is written %24',
})

const pathPrefix = p.matching({
  most: 255,
  pattern: /^\/[^?#$]*$/u,
  form: 'the beginning of a path, such as /.well-known/acme-challenge/',
})

export const redirect = z.strictObject({
  to: redirectUrl.describe(
    'a path or URL; "{request.host}" and "{request.uri}" (path and query) are filled in',
  ),
  code: z.literal([301, 302, 303, 307, 308]).default(302).describe('the status of the redirect'),
})

/** Without redirects, and without 444, with which nginx closes the connection. */
const statuses = [
  200, 202, 204, 400, 403, 404, 405, 406, 409, 410, 413, 414, 415, 421, 422, 423, 426, 428, 429,
  431, 451, 500, 501, 502, 503, 504, 505, 507,
] as const

const mediaType = p.matching({
  most: 100,
  pattern: /^[a-z]+\/[A-Za-z0-9.+-]+(?:; ?charset=[A-Za-z0-9-]+)?$/,
  form: 'a media type such as text/plain or "text/html; charset=utf-8"',
})

const responseBody = p.matching({
  most: 2000,
  pattern: /^[^$]*$/u,
  form: 'text without "$", which nginx cannot escape',
})

export const respond = z.strictObject({
  status: z
    .literal([...statuses])
    .default(200)
    .describe('the status of the response'),
  body: responseBody.optional().describe('the body, in one line'),
  type: mediaType.default('text/plain; charset=utf-8').describe('the Content-Type of the body'),
})

/** Plain HTTP requests are redirected to HTTPS. */
export const redirectToHttps = z.union([
  z.literal(true),
  z.strictObject({
    code: z.literal([301, 302, 307, 308]).default(301).describe('the status of the redirect'),
    except: z
      .array(pathPrefix)
      .min(1)
      .optional()
      .describe('beginnings of paths that are also served over plain HTTP'),
  }),
])
