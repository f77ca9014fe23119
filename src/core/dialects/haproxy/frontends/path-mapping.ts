import type { Location } from '../../../model/cluster.ts'
import type { PathMapping } from '../../../model/path-mapping.ts'
import { redirectPaths, requestedPrefix, setCookies } from '../../path-mapping.ts'
import { regexText } from '../../regular-expressions.ts'
import { explained, type Rule, rule, setVariable } from '../rules.ts'

/** Host and port that the client asked for, which are forwarded to the servers. */
const authority = 'txn.authority'

/** Whether a redirect leads to the host of the request. */
const isOwnHost = [
  '{',
  `res.fhdr(Location),regsub(^https?://,),regsub([/?#].*$,),lower,strcmp(${authority})`,
  '-m',
  'int',
  '0',
  '}',
]

const redirectRules = (mapping: PathMapping): readonly Rule[] => {
  const change = (expression: string, format: string, conditions: readonly string[] = []) =>
    rule(
      { replaceResponse: { name: 'Location', expression: `^${expression}$`, format } },
      conditions,
    )
  const { from, to } = mapping
  return [
    ...redirectPaths(mapping).map(({ expression, prefix }) => change(expression, `${prefix}\\1`)),
    change(`(https?://[^/?#]*)${regexText(to)}(.*)`, `\\1${from}\\2`, isOwnHost),
  ]
}

/** HAProxy adds its own cookies after these rules. */
const cookieRules = (mapping: PathMapping): readonly Rule[] =>
  setCookies(mapping, null).map(({ expression, prefix }) =>
    rule({
      replaceResponse: { name: 'Set-Cookie', expression, format: `\\1${prefix}\\2\\3` },
    }),
  )

/** The path for the servers, and the way back for redirects and cookies; without conditions that select the location. */
export const mappingRules = ({ mapping }: Location): readonly Rule[] =>
  mapping === null
    ? []
    : explained(
        'the path for the servers; redirects and cookies get the path of the client again',
        [
          setVariable(authority, 'req.hdr(host),lower'),
          rule({
            replacePath: {
              expression: `${requestedPrefix(mapping)}(.*)$`,
              format: `${mapping.to}\\1`,
            },
          }),
          ...redirectRules(mapping),
          ...cookieRules(mapping),
        ],
      )
