import { fuzz } from './fuzz.ts'

fuzz('population', [
  '192.0.2.1',
  '2001:db8::5',
  '::ffff:192.0.2.9',
  '[2001:db8::7]:40312',
  ' - - [29/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "one"\n',
  '{"client_address":"',
  ' 7\n',
  '#',
  '"',
  '\\"',
  ':',
  ',',
  '\u001b[2J',
  '\r\n',
])
