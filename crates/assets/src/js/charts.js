// Charts: the library is fetched only when a page holds one. Options come as pure JSON from the page.

const dark = document.body.classList.contains('screen');
const tone = dark
  ? { ink: '#eef2f7', soft: '#b4bfcc', line: '#2a3648', ground: '#172030', size: 18, palette: ['#6ea8e6', '#c9d6e6', '#d8b071', '#63b9b2', '#a993cf', '#8793a3'], ramp: ['#1d2838', '#2f5f90', '#8ab6e3', '#deecfa'] }
  : { ink: '#1d2129', soft: '#5f6773', line: '#e4e5e2', ground: '#ffffff', size: 12, palette: ['#1c5ba8', '#86abd6', '#5c646f', '#b08d57', '#3d8a8a', '#8a6fa8', '#b9bec6'], ramp: ['#f3f6fa', '#b2cce6', '#3f70ab', '#163c6b'] };

const grouped = (value, digits) => Number(value).toLocaleString('zh-CN', { maximumFractionDigits: digits });
const helpers = {
  percent: (given) => grouped(plainValue(given), 1) + '%',
  int: (given) => grouped(plainValue(given), 0),
  wan: (given) => grouped(plainValue(given), 2) + ' 万元',
  // A bar from one value of the x axis to another in the row of the y axis: [row, from, to].
  span: (params, api) => {
    const from = api.coord([api.value(1), api.value(0)]);
    const to = api.coord([api.value(2), api.value(0)]);
    const height = Math.min(22, api.size([0, 1])[1] * .6);
    return { type: 'rect', shape: { x: from[0], y: from[1] - height / 2, width: Math.max(2, to[0] - from[0]), height, r: 2 }, style: api.style() };
  },
};
function plainValue(given) {
  const value = given && typeof given === 'object' ? given.value : given;
  return Array.isArray(value) ? value[value.length - 1] : value;
}
// "fn:name" anywhere, and renderItem by name, become the functions above.
function revive(part) {
  if (typeof part === 'string' && part.startsWith('fn:')) return helpers[part.slice(3)] || part;
  if (Array.isArray(part)) return part.map(revive);
  if (part && typeof part === 'object') return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, revive(value)]));
  return part;
}

const listOf = (given) => (given === undefined ? [] : Array.isArray(given) ? given : [given]);
const styledAxis = (axis) => ({
  ...axis,
  axisLine: { lineStyle: { color: tone.line }, ...axis.axisLine },
  axisTick: { show: false, ...axis.axisTick },
  // A list of names leaves none out, however low the picture is.
  axisLabel: { color: tone.soft, fontSize: tone.size, ...(axis.inverse ? { interval: 0 } : {}), ...axis.axisLabel },
  nameTextStyle: { color: tone.soft, fontSize: tone.size, ...axis.nameTextStyle },
  splitLine: { show: axis.type === 'value', lineStyle: { color: tone.line }, ...axis.splitLine },
});
const styledSeries = (series) => ({
  ...(series.type === 'bar' ? { barMaxWidth: dark ? 40 : 28 } : {}),
  ...(series.type === 'line' ? { symbolSize: 6, lineStyle: { width: 2 } } : {}),
  ...series,
  label: { color: tone.ink, fontSize: tone.size, textBorderColor: 'transparent', ...series.label },
});
// A number on the dark end of the ramp is written in white.
const readableHeat = (series, most) => (series.type !== 'heatmap' ? series : {
  ...series,
  data: series.data.map((value) => (value[2] > most * .58 ? { value, label: { color: dark ? '#0e141d' : '#ffffff' } } : { value })),
});

function styled(option) {
  const given = revive(option);
  const result = {
    color: tone.palette,
    animationDuration: 250,
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    aria: { enabled: true },
    ...given,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: tone.ink, fontSize: tone.size, ...given.textStyle },
    // The library's own tooltip is HTML with style attributes, which the content security policy forbids.
    tooltip: { confine: true, backgroundColor: '#23272f', borderWidth: 0, textStyle: { color: '#ffffff', fontSize: dark ? 18 : 13 }, ...given.tooltip, renderMode: 'richText' },
    series: listOf(given.series).map((series) => readableHeat(styledSeries(series), given.visualMap ? given.visualMap.max : 0)),
  };
  if (given.xAxis) {
    result.xAxis = listOf(given.xAxis).map(styledAxis);
    result.yAxis = listOf(given.yAxis).map(styledAxis);
    result.grid = { left: 12, right: 20, top: given.legend ? 44 : 24, bottom: given.visualMap || given.dataZoom ? 48 : 12, containLabel: true, ...given.grid };
  }
  if (given.legend) result.legend = { top: 8, right: 12, itemWidth: 14, itemHeight: 10, ...given.legend, textStyle: { color: tone.soft, fontSize: tone.size } };
  if (given.visualMap) result.visualMap = listOf(given.visualMap).map((map) => ({ inRange: { color: tone.ramp }, textStyle: { color: tone.soft }, itemWidth: 12, ...map }));
  return result;
}

let library = null;
function loadLibrary() {
  if (library) return library;
  library = new Promise((done, failed) => {
    const script = make('script', { src: meta('charts-src') });
    script.addEventListener('load', () => done(window.echarts));
    script.addEventListener('error', failed);
    document.head.append(script);
  });
  library.catch(() => { library = null; });
  return library;
}

function download(chart, place) {
  const title = place.closest('figure') && one('figcaption', place.closest('figure'));
  const name = title ? title.firstChild.textContent.trim() : '图';
  const link = make('a', { href: chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: tone.ground }), download: name + '.png' });
  document.body.append(link);
  link.click();
  link.remove();
}
function offerPicture(chart, place) {
  const figure = place.closest('figure.chart-box');
  const head = figure && one('figcaption', figure);
  if (!head) return;
  let tools = one('.panel-tools', head);
  if (!tools) { tools = make('span', { class: 'panel-tools' }); head.append(tools); }
  const button = make('button', { type: 'button', class: 'button button-small no-print' }, '存为图片');
  button.addEventListener('click', () => download(chart, place));
  tools.append(button);
}

const drawn = new Map();
function draw(place, echarts) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || !place.isConnected) return;
  const chart = echarts.init(place);
  chart.setOption(styled(JSON.parse(source.textContent)));
  chart.on('click', (event) => { const link = event.data && event.data.link; if (typeof link === 'string' && /^\/(?![/\\])/.test(link)) location.assign(link); });
  drawn.set(place, chart);
  offerPicture(chart, place);
}
enhance('.chart[data-chart]', (place) => {
  loadLibrary().then((echarts) => draw(place, echarts)).catch(() => {
    place.classList.add('is-failed');
    place.textContent = '图没有画出来，请看下面的数据表。';
  });
});
addEventListener('resize', later(120, () => drawn.forEach((chart, place) => { if (place.isConnected) chart.resize(); else { chart.dispose(); drawn.delete(place); } })));
// The page still has the width of the window when it is about to be printed: charts are drawn for the width of the paper,
// at once, because no further frame comes before the page is taken.
const PAPER = { width: 660, height: 180, tall: 380 };
// A picture in several layers comes out of the printer as its topmost one: all are laid into the lowest.
function flattened(place) {
  const [base, ...above] = all('canvas', place);
  if (!base) return;
  const pen = base.getContext('2d');
  pen.setTransform(1, 0, 0, 1, 0, 0);
  above.forEach((layer) => { pen.drawImage(layer, 0, 0); layer.hidden = true; });
}
addEventListener('beforeprint', () => drawn.forEach((chart, place) => {
  chart.resize({ width: PAPER.width, height: place.classList.contains('chart-tall') ? PAPER.tall : PAPER.height });
  chart.getZr().flush();
  flattened(place);
}));
addEventListener('afterprint', () => drawn.forEach((chart, place) => {
  all('canvas', place).forEach((layer) => { layer.hidden = false; });
  chart.resize({ width: 'auto', height: 'auto' });
}));
