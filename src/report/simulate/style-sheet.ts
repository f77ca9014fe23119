import { styleSheet as common } from '../traffic/style-sheet.ts'

/** The style of the lab's page, with proxies as articles, and wide tables. */
export const styleSheet = `${common}
article h2{margin:0}
th[scope=row]{white-space:nowrap}
td.text{min-width:15rem}
.wide:focus-visible,summary:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
details{margin:.5rem 0}
summary{cursor:pointer;font-size:.92rem}
@media (max-width:30rem){article header .dim{margin-left:0}}
`
