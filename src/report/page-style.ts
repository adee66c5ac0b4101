import { pageFont } from './style.ts';

/** Styles of all pages. Everything is inside the page: fonts are the reader's own. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2127; --muted: #57606a; --line: #dfe4e9; --ground: #ffffff; --soft: #f5f7f9; --accent: #0072b2; --warn: #b34a00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaef; --muted: #a3adb8; --line: #333a43; --ground: #14171b; --soft: #1c2127; --accent: #6cbbea; --warn: #f59b49; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 ${pageFont}; }
main { max-width: 66rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: clamp(1.6rem, 4vw, 2.3rem); line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.4rem; line-height: 1.3; margin: 3.5rem 0 .75rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; line-height: 1.35; margin: 2rem 0 .25rem; }
figure h3 { margin-top: 0; }
p { margin: .6rem 0; max-width: 46rem; }
a { color: var(--accent); }
.question { font-size: 1.12rem; color: var(--muted); margin-bottom: 1.5rem; }
.answer { background: var(--soft); border-left: 4px solid var(--accent); border-radius: 0 6px 6px 0; padding: .8rem 1.3rem; margin: 1.5rem 0; }
.answer p { font-size: 1.08rem; max-width: 52rem; }
.made, figcaption, .note { color: var(--muted); font-size: .88rem; }
figure { margin: 2.5rem 0 0; }
figcaption { max-width: 46rem; margin: .15rem 0 .4rem; }
.plot { width: 100%; min-height: 8rem; position: relative; }
.plot .vega-embed { display: block; width: 100%; }
.plot > div { width: 100%; }
.plot .vega-embed > svg, .plot .vega-embed .chart-wrapper { max-width: 100%; }
.plot .vega-embed summary { opacity: .5; }
details > summary { cursor: pointer; color: var(--accent); font-size: .9rem; }
.scroll { overflow-x: auto; margin: .6rem 0; max-height: 34rem; border: 1px solid var(--line); border-radius: 6px; }
.scroll:focus-visible { outline: 2px solid var(--accent); }
table { border-collapse: collapse; width: 100%; font-size: .84rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
th, td { padding: .42rem .7rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; background: var(--soft); font-weight: 600; vertical-align: bottom; z-index: 1; }
thead th small { display: block; font-weight: 400; color: var(--muted); }
th:first-child { text-align: left; position: sticky; left: 0; background: var(--ground); font-weight: 600; }
thead th:first-child { background: var(--soft); z-index: 2; }
td small { color: var(--muted); font-size: .92em; }
td.apart { color: var(--warn); font-weight: 600; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto; font-size: .82rem; line-height: 1.5; }
code { font-family: ui-monospace, "Cascadia Mono", "Source Code Pro", Menlo, Consolas, monospace; font-size: .92em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.2rem; margin: .8rem 0; font-size: .92rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.prose td, .prose th { text-align: left; white-space: normal; vertical-align: top; min-width: 9rem; }
.prose td { min-width: 13rem; }
.prose { max-height: none; }
@media (max-width: 640px) {
  main { padding: 1.4rem 1rem 3rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .6rem; }
  th, td { padding: .38rem .5rem; }
  th:first-child { max-width: 8.5rem; min-width: 6rem; white-space: normal; }
}
@media print { .plot, table { break-inside: avoid; } .scroll { max-height: none; } }
`;
