import { fuzz } from './fuzz.ts'

const sections = [
  '<Proxy balancer://shop>\n',
  '</Proxy>\n',
  '<VirtualHost *>\n',
  '</VirtualHost>\n',
]
const lines = [
  'BalancerMember http://10.0.0.1:8080\n',
  'BalancerMember http://10.0.0.1:8080 route=a loadfactor=2\n',
  'BalancerMember balancer://shop http://10.0.0.2:8080 route=b status=+H\n',
  'BalancerMember $\u007bB} route=c\n',
  'ProxySet stickysession=A\n',
  'ProxySet balancer://shop lbmethod=bybusyness nofailover=On\n',
  'ProxyPass / balancer://shop/ stickysession=B|b\n',
  'ProxyHCExpr check-shop "%{REQUEST_STATUS} =~ /2/"\n',
  'Header add Set-Cookie "SRV=.%{BALANCER_WORKER_ROUTE}e"\n',
  'Define B http://10.0.0.9:8080\n',
  '<Macro m $n>\n',
  '</Macro>\n',
  'Use m b\n',
]
const others = [' ', '\n', '\r\n', '\t', '# a\n', '"', "'", '\\', '\\\n', '>', 'BalancerMember']

fuzz('httpd-base', [...sections, ...lines, ...others])
