/** For light and dark; the colours of servers are close to those of Okabe and Ito. */
export const styleSheet = `
:root{color-scheme:light dark;--back:#fff;--card:#f6f7f9;--line:#d5d9e0;--text:#1b1f27;--dim:#5a6372;
--good:#0f6b3f;--goodback:#ddf3e6;--bad:#b3161b;--badback:#fbe2e2;--warn:#7a4b00;--warnback:#fdf0d5;
--s0:#0072b2;--s1:#e69f00;--s2:#009e73;--s3:#cc79a7;--s4:#56b4e9;--s5:#8c6bb1;--s6:#7f7f00;--s7:#8d5524;--none:#9aa3b1;--fail:#d11a2a}
@media (prefers-color-scheme:dark){:root{--back:#14171c;--card:#1c2028;--line:#363d49;--text:#e8ebf0;--dim:#a3adbd;
--good:#7fe0ac;--goodback:#123524;--bad:#ff9b9b;--badback:#451a1c;--warn:#f5cd85;--warnback:#3c2d0f;
--s0:#4aa8e0;--s1:#f0b429;--s2:#2fc79a;--s3:#dd94bd;--s4:#8fd0f5;--s5:#b39ad6;--s6:#c2c24a;--s7:#c08a5a;--none:#697386;--fail:#ff5c5c}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1.5rem 1.25rem 4rem;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0 .3rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:2.5rem 0 .2rem;overflow-wrap:anywhere}
h3{font-size:1.05rem;margin:0}
p{margin:.35rem 0}
.dim{color:var(--dim)}
.verdict{font-size:1.1rem;font-weight:600;border-left:.3rem solid var(--line);padding-left:.6rem}
.verdict.good{border-color:var(--good)}
.verdict.warn{border-color:var(--warn)}
.verdict.bad{border-color:var(--bad)}
code{font:.9em ui-monospace,monospace;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.92rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .8rem .35rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right}
th b,h3 b{display:inline-block;min-width:4.4rem;font-weight:600}
tbody th{font-weight:400}
.badge{display:inline-block;padding:.05rem .5rem;border-radius:.6rem;font-size:.85rem;font-weight:600;white-space:nowrap;background:var(--card);color:var(--dim);border:1px solid var(--line)}
.badge.good{background:var(--goodback);color:var(--good);border-color:transparent}
.badge.bad{background:var(--badback);color:var(--bad);border-color:transparent}
.badge.warn{background:var(--warnback);color:var(--warn);border-color:transparent}
article{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.9rem 1.1rem;margin:1rem 0}
article header{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:baseline}
article header .dim{margin-left:auto;font-size:.85rem}
.plots{display:flex;flex-wrap:wrap;gap:0 1.25rem}
.plots figure{max-width:100%}
figure{margin:1rem 0 0}
a{color:inherit}
figcaption{contain:inline-size;font-size:.85rem;color:var(--dim);margin-bottom:.25rem}
ul{margin:.35rem 0;padding-left:1.2rem}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;list-style:none;padding:0;font-size:.9rem}
.legend svg{margin-right:.35rem;vertical-align:-1px}
svg{display:block;max-width:100%;height:auto;font:11px system-ui,sans-serif}
.legend svg{display:inline}
svg text{fill:var(--dim)}
svg .label,svg .end{text-anchor:end}
svg .axis{stroke:var(--line)}
svg .event{fill:var(--text);opacity:.16}
svg .mark{fill:var(--text)}
svg .bad{fill:var(--fail)}
svg .dark{fill:var(--none)}
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `svg .s${n}{fill:var(--s${n})}`).join('\n')}
@media (max-width:30rem){body{padding:.75rem .75rem 3rem}article{padding:.6rem .75rem}h1{font-size:1.3rem}th b{display:block}}
@media print{article{break-inside:avoid}}
`
