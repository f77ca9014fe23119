import * as z from 'zod'
import * as p from './primitives.ts'

/** Errors that nginx and httpd know; 444 and 499 are never sent. */
const status = '(?:4(?:0\\d|1[0-7]|2[1-4689]|31|51)|5(?:0[0-8]|1[01]))'

const statuses = p.matching({
  most: 255,
  pattern: new RegExp(`^${status}(?: ${status})*$`),
  form: 'statuses of errors with one space between them, such as "502 503 504" or "404"',
})

const uri = p.matching({
  most: 255,
  pattern: /^\/(?!\.sessctl\/)[A-Za-z0-9._~/-]*$/,
  form: 'a path of letters, digits and "._~/-", such as /errors/unavailable',
})

const page = z.union([
  z.strictObject({
    file: p.pageFile.describe(
      'a file on the host of the proxy; its extension decides the Content-Type: .html, .json or .txt',
    ),
  }),
  z.strictObject({
    path: uri.describe('a path of this frontend, which an application answers (nginx and httpd)'),
  }),
])

const hasOnePagePerStatus = (pages: Readonly<Record<string, unknown>>): boolean => {
  const all = Object.keys(pages).flatMap((each) => each.split(' '))
  return all.length > 0 && new Set(all).size === all.length
}

export const errorPages = z
  .record(statuses, page)
  .refine(hasOnePagePerStatus, 'must have one page for each status, and at least one')

export const maintenance = z.union([
  z.boolean(),
  z.strictObject({
    page: page.optional().describe('default: the page of errorPages for 503'),
    except: z
      .array(p.network)
      .min(1)
      .max(16)
      .optional()
      .describe('addresses of clients whose requests are answered as usual'),
  }),
])
