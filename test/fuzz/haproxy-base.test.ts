import { fuzz } from './fuzz.ts'

const sections = ['backend shop\n', 'listen shop\n', 'defaults\n', 'defaults d\n', 'frontend f\n']
const lines = [
  ' server a 10.0.0.1:8080\n',
  ' server a 10.0.0.1:8080 cookie a check\n',
  ' server b "$B" backup\n',
  ' default-server check\n',
  ' balance source\n',
  ' cookie SRV insert\n',
  ' stick on src\n',
  ' stick-table type string len 64 size 1k\n',
  ' use-server a\n',
  ' http-request set-var(txn.route) str(a)\n',
  ' hash-type consistent\n',
  ' option httpchk GET /\n',
  ' .if defined(A)\n',
  ' .endif\n',
]
const others = [
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '\v',
  '# a\n',
  '"',
  "'",
  '\\',
  'server',
  '{% if %}\n',
]

fuzz('haproxy-base', [...sections, ...lines, ...others])
