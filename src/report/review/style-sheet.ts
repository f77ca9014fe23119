import { styleSheet } from '../traffic/style-sheet.ts'

/** That of the lab's page, with what a review has besides. */
export const reviewStyleSheet = `${styleSheet}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static;display:inline-block;padding:.3rem .6rem}
:focus-visible{outline:.15rem solid var(--s0);outline-offset:.1rem}
.items{list-style:none;padding:0}
.items>li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem;margin:.5rem 0;overflow-wrap:anywhere}
details{margin:.5rem 0}
summary{cursor:pointer;overflow-wrap:anywhere}
tr:has(+.why)>*{border-bottom:0}
.why td{text-align:left}
pre{overflow-x:auto;margin:.3rem 0;padding:.6rem .8rem;border:1px solid var(--line);border-radius:.4rem;background:var(--back);font:.85rem/1.45 ui-monospace,monospace;tab-size:4}
pre code{font:inherit;overflow-wrap:normal}
.diff{background:var(--card)}
.diff .plus{background:var(--goodback);color:var(--good)}
.diff .minus{background:var(--badback);color:var(--bad)}
.diff .at{color:var(--dim)}
.plots figure{flex:1 1 340px;max-width:420px}
svg{width:100%}
.legend svg{width:12px}
svg .group,svg .proxy,svg .box{fill:var(--back);stroke:var(--line)}
svg .group{fill:var(--card)}
svg .title,svg .name{fill:var(--text)}
svg .title{font-weight:600}
svg .share{fill:var(--s4);opacity:.3}
svg .axis{fill:none}
svg .added .box{stroke:var(--good);stroke-dasharray:4 2}
svg .removed .box{stroke:var(--bad);stroke-dasharray:4 2}
svg .changed .box{stroke:var(--warn)}
`
