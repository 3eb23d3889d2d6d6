// Charts from the JSON that stands beside them in the page. Canvas only, tooltips as rich text: no inline style.
//   <figure data-chart="aging" data-source="#aging-data" aria-label="…"><div data-canvas></div></figure>
// Data: {unit: "money"|"count"|"days"|"percent"|"share", currency, x: [label], series: [{name, values, band?, low?, high?}]}
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { count, money, share, shortAmount } from "./money.js";

use([BarChart, LineChart, AriaComponent, GridComponent, TooltipComponent, CanvasRenderer]);

const drawn = new Map();
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** The colours of the present theme, read from the style sheet. */
function palette(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const bands = ["not_due", "d1_30", "d31_60", "d61_90", "d90_plus"];
  return {
    text: read("--text"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--surface"),
    raised: read("--raised"),
    series: [1, 2, 3, 4].map((n) => read(`--chart-${n}`)),
    band: Object.fromEntries(bands.map((band) => [band, read(`--aging-${band.replace("_", "-")}`)])),
  };
}

/** How a value of this chart is written, in full and on the axis, and the unit over the axis. */
function writers(data) {
  const full = {
    money: (value) => money(value, data.currency),
    percent: (value) => `${count(value)} %`,
    share,
  };
  const axis = { ...full, money: (value) => shortAmount(value, data.currency) };
  return { full: full[data.unit] ?? count, axis: axis[data.unit] ?? count, unit: data.unit === "money" ? data.currency : "" };
}

/** Below this width, in CSS pixels, names below the axis take two lines: all of them then fit. */
const NARROW = 480;

function frame(data, colours, figure) {
  const write = writers(data);
  const isNarrow = figure.clientWidth < NARROW;
  const label = { color: colours.muted, fontFamily: "Inter Variable, sans-serif", fontSize: 12 };
  return {
    animation: !still.matches,
    animationDuration: 250,
    textStyle: { fontFamily: "Inter Variable, sans-serif", color: colours.text },
    aria: { enabled: true, label: { enabled: true, description: figure.getAttribute("aria-label") ?? "" } },
    grid: { left: 4, right: 8, top: 28, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: "richText", trigger: "axis", confine: true, axisPointer: { type: "shadow", shadowStyle: { opacity: 0.08 } },
      backgroundColor: colours.raised, borderColor: colours.line, padding: [8, 12],
      textStyle: { color: colours.text, fontSize: 12, fontFamily: "Inter Variable, sans-serif", lineHeight: 18 },
      formatter: (points) => tooltip(points, write.full),
    },
    xAxis: {
      type: "category", data: data.x, axisLabel: { ...label, hideOverlap: true, ...(isNarrow && figure.dataset.chart === "aging" && { interval: 0, fontSize: 11, lineHeight: 14, formatter: (name) => name.replace(/ (?=\S+$)/, "\n") }) }, axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
    },
    yAxis: {
      type: "value", name: write.unit, nameGap: 12, nameTextStyle: { ...label, align: "right", padding: [0, 8, 0, 0] }, axisLabel: { ...label, formatter: write.axis }, splitNumber: 4,
      splitLine: { lineStyle: { color: colours.line } },
    },
  };
}

/** Names left, values right: one line a series, those without a value left out. */
function tooltip(points, write) {
  const shown = points.filter((point) => point.value != null && !point.seriesName.startsWith("\u0000"));
  const lines = shown.map((point) => `${point.seriesName}: ${write(point.value)}`);
  return [points[0]?.axisValueLabel ?? points[0]?.name, ...lines].join("\n");
}

function bars(data, colours, stack) {
  return data.series.map((series, index) => ({
    type: "bar",
    name: series.name,
    data: series.values,
    stack: stack ? "all" : undefined,
    barMaxWidth: 44,
    itemStyle: {
      color: colours.band[series.band] || colours.series[index % 4],
      borderColor: colours.surface,
      borderWidth: stack ? 1 : 0,
      borderRadius: stack ? 1 : [3, 3, 0, 0],
    },
  }));
}

/** One bar a band, each in the hue of its band: for a chart with one series whose x stands for the bands. */
function banded(data, colours) {
  const [series] = data.series;
  const values = series.values.map((value, at) => ({ value, itemStyle: { color: colours.band[data.bands[at]] } }));
  return [{ type: "bar", name: series.name, data: values, barMaxWidth: 56, itemStyle: { borderRadius: [3, 3, 0, 0] } }];
}

function line(series, index, colours) {
  return {
    type: "line", name: series.name, data: series.values, symbol: "circle", symbolSize: 6, showSymbol: false,
    lineStyle: { width: 2, color: colours.series[index % 4] }, itemStyle: { color: colours.series[index % 4] },
  };
}

/** A line and the band it probably stays in: an unseen base, and the width stacked on it. */
function forecast(data, colours) {
  return data.series.flatMap((series, index) => {
    if (!series.low) return [line(series, index, colours)];
    const edge = (name, values, opacity) => ({
      type: "line", name: `\u0000${name}`, data: values, stack: `band-${index}`, symbol: "none", silent: true,
      lineStyle: { opacity: 0 }, areaStyle: { color: colours.series[index % 4], opacity },
    });
    const width = series.high.map((high, at) => (high == null ? null : high - series.low[at]));
    return [edge("low", series.low, 0), edge("high", width, 0.15), line(series, index, colours)];
  });
}

const kinds = {
  aging: (data, colours) => (data.bands ? banded(data, colours) : bars(data, colours, true)),
  bars: (data, colours) => bars(data, colours, false),
  line: (data, colours) => data.series.map((series, index) => line(series, index, colours)),
  forecast,
};

function render(figure) {
  const chart = drawn.get(figure);
  const data = JSON.parse(document.querySelector(figure.dataset.source).textContent);
  const colours = palette(figure);
  const series = (kinds[figure.dataset.chart] ?? kinds.bars)(data, colours);
  const option = { ...frame(data, colours, figure), series };
  chart.setOption(option, true);
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const figure = target.closest("figure");
    drawn.get(figure)?.resize();
    if (drawn.has(figure)) render(figure); // names below the axis are set for the width
  }
});

/** Draws the figure, or draws it again. */
export function draw(figure) {
  if (drawn.has(figure)) return render(figure);
  const canvas = figure.querySelector("[data-canvas]");
  drawn.set(figure, init(canvas, null, { renderer: "canvas" }));
  render(figure);
  sizes.observe(canvas);
}

function again() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) {
      render(figure);
      chart.getZr().flush(); // at once: before a print there is no next frame
    } else {
      chart.dispose();
      drawn.delete(figure);
    }
  }
}

document.addEventListener("debitora:theme", again);
