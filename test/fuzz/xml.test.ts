import { fuzz } from './fuzz.ts'

const words = ['<!--', '-->', '<?', '?>', '<![CDATA[', ']]>', '<!DOCTYPE Server [', ']>', '&amp;']
const more = [
  '<!ENTITY e "<Host/>">',
  '&e;',
  '&#x',
  '<',
  '>',
  '/>',
  '</',
  '"',
  "'",
  '=',
  '\r',
  '\u0000',
]
const elements = [
  '<Host name="a"/>',
  '<Engine>',
  '</Engine>',
  '<Cluster/>',
  '<Connector port="1"/>',
]

fuzz('xml', [...words, ...more, ...elements])
