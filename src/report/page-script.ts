/**
 * Draws the charts of a page and redraws them when the reader turns to dark, or the page gets narrow. Expressions
 * are interpreted, not compiled, so the page needs no permission to evaluate code.
 */
export const pageScript = `
const page = JSON.parse(document.getElementById('charts').textContent);
const dark = matchMedia('(prefers-color-scheme: dark)');
const narrow = matchMedia('(max-width: 640px)');
const options = { ast: true, renderer: 'svg', defaultStyle: true, downloadFileName: 'davpulse',
  actions: { export: { svg: true, png: true }, source: false, compiled: false, editor: false } };
const recolour = (spec) => dark.matches
  ? JSON.parse(Object.entries(page.darkColours).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(spec)))
  : spec;
async function draw() {
  const config = page.configs[(dark.matches ? 'dark' : 'light') + (narrow.matches ? 'Narrow' : '')];
  for (const chart of page.charts) {
    const place = document.getElementById(chart.id);
    const spec = { ...recolour(chart.spec), width: 'container', autosize: { type: 'fit-x', contains: 'padding' },
      data: { values: chart.rows }, config };
    await vegaEmbed(place, spec, { ...options, ...(narrow.matches && { actions: false }), tooltip: { theme: dark.matches ? 'dark' : 'light' } });
  }
  document.documentElement.dataset.charts = 'drawn';
}
let last = draw();
const redraw = () => { document.documentElement.dataset.charts = 'drawing'; last = last.then(draw); };
dark.addEventListener('change', redraw);
narrow.addEventListener('change', redraw);
`;
