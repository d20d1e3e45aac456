/**
 * Draws a chart over the table of its figures. The table comes from the server, is what a screen reader reads, and is
 * all there is without a script; this only reads it. Colours are the page's own, and are read again when the theme
 * changes.
 */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { imageButtons } from "./parts/image.js";

/** What A4 has room for between its margins, whatever the window's width is. */
const ON_PAPER = { width: 640 };
const ON_SCREEN = { width: "auto" };

use([
  LineChart,
  BarChart,
  MarkLineComponent,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  AriaComponent,
  SVGRenderer,
]);

function rowsOf(table) {
  return [...table.tBodies[0].rows].map((row) => ({
    name: row.dataset.name,
    value: numberOr(row.dataset.value),
    low: numberOr(row.dataset.low),
    high: numberOr(row.dataset.high),
    shown: row.dataset.shown,
    note: row.dataset.note,
    reviews: Number(row.dataset.reviews),
    good: Number(row.dataset.good),
    medium: Number(row.dataset.medium),
    bad: Number(row.dataset.bad),
  }));
}

/** Nothing answered is a gap in the line, never a zero. */
function numberOr(text) {
  return text === "" ? null : Number(text);
}

/** As the page's language writes it. */
function decimal(value, digits = 0) {
  return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits });
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

function frame(rows, colour) {
  const font = getComputedStyle(document.body).fontFamily;
  return {
    // A picture taken, or a page printed, while lines grow would show half of them.
    animation: false,
    textStyle: { fontFamily: font, color: colour("soft"), fontSize: 13 },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, itemGap: 20, icon: "roundRect", textStyle: { color: colour("ink"), fontSize: 13 } },
    tooltip: {
      trigger: "axis",
      // Text drawn in the chart: the HTML kind needs style attributes, which our policy forbids.
      renderMode: "richText",
      confine: true,
      backgroundColor: colour("paper"),
      borderColor: colour("edge"),
      textStyle: { color: colour("ink"), fontSize: 13 },
      axisPointer: { lineStyle: { color: colour("edge") } },
    },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.name),
      axisLine: { lineStyle: { color: colour("edge") } },
      axisTick: { show: false },
      axisLabel: { color: colour("soft"), hideOverlap: true },
    },
    yAxis: {
      type: "value",
      axisLabel: { color: colour("soft") },
      splitLine: { lineStyle: { color: colour("line") } },
    },
  };
}

/** The indicator with its interval: an invisible line at the lower end carries a band up to the upper end. */
function line(rows, colour, place) {
  const scale = Number(place.dataset.scale);
  const percent = scale === 1;
  const figure = (value) => (percent ? `${Math.round(value * 100)} %` : decimal(value));
  const option = frame(rows, colour);
  const accent = colour("accent");
  option.yAxis = {
    ...option.yAxis,
    min: 0,
    max: Number(place.dataset.top ?? scale),
    axisLabel: { color: colour("soft"), formatter: figure },
  };
  option.xAxis.boundaryGap = false;
  // Numbers that were counted and not asked for have no interval.
  const band = place.dataset.band;
  option.legend.data = band ? [place.dataset.name, band] : [place.dataset.name];
  option.tooltip.formatter = ([first]) => {
    const row = rows[first.dataIndex];
    const noted = row.note ? `\n▲ ${row.note}` : "";
    if (row.value === null) return row.name + noted;
    if (!band) return `${row.name}\n${place.dataset.name} : ${row.shown}${noted}`;
    const ends = [Math.floor(row.low * 1000) / 1000, Math.ceil(row.high * 1000) / 1000];
    const between = ends.map((end) => (percent ? figure(end) : decimal(Number(end.toFixed(1)), 1)));
    return `${row.name}\n${place.dataset.name} : ${row.shown}\n${between[0]} – ${between[1]}${noted}`;
  };
  const ghost = { type: "line", stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true };
  const interval = [
    { ...ghost, name: "low", data: rows.map((row) => row.low) },
    {
      ...ghost,
      name: band,
      data: rows.map((row) => (row.low === null ? null : row.high - row.low)),
      areaStyle: { color: accent, opacity: 0.16 },
      itemStyle: { color: accent, opacity: 0.3 },
    },
  ];
  option.series = [
    ...(band ? interval : []),
    {
      type: "line",
      name: place.dataset.name,
      data: rows.map((row) => row.value),
      symbol: "circle",
      symbolSize: 7,
      markLine: improvements(rows, colour),
      lineStyle: { color: accent, width: 2.5 },
      itemStyle: { color: accent },
    },
  ];
  return option;
}

/** Where the owner improved something: a line across, whose words are in the tooltip and in the table. */
function improvements(rows, colour) {
  return {
    silent: true,
    symbol: ["none", "triangle"],
    symbolSize: 9,
    label: { show: false },
    lineStyle: { color: colour("edge"), type: "dashed", width: 1.5 },
    data: rows.filter((row) => row.note).map((row) => ({ xAxis: row.name })),
  };
}

/** How many answered what. Hatching tells the three apart where colours do not. */
function bars(rows, colour, _place, table) {
  const option = frame(rows, colour);
  option.yAxis.minInterval = 1;
  option.aria = { enabled: true, label: { enabled: false }, decal: { show: true } };
  option.series = ["bad", "medium", "good"].map((code) => ({
    type: "bar",
    stack: "answers",
    barMaxWidth: 44,
    name: table.querySelector(`[data-series="${code}"]`).textContent,
    data: rows.map((row) => row[code]),
    itemStyle: { color: colour(`mark-${code}`), borderColor: colour("paper"), borderWidth: 1 },
  }));
  option.legend.data = option.series.map((one) => one.name).reverse();
  return option;
}

const KINDS = { line, bars };

function draw() {
  const places = [...document.querySelectorAll("[data-chart]")];
  if (places.length === 0) return;
  const charts = places.map((place) => {
    place.hidden = false;
    const table = document.getElementById(place.dataset.table);
    return { place, table, chart: init(place, null, { renderer: "svg" }) };
  });
  const paint = () => {
    const colour = colours();
    for (const { place, table, chart } of charts) {
      chart.setOption(KINDS[place.dataset.chart](rowsOf(table), colour, place, table), true);
    }
  };
  paint();
  for (const shown of document.querySelectorAll("[data-with-chart]")) shown.hidden = false;
  for (const folds of document.querySelectorAll("[data-folds]")) folds.open = false;
  for (const { place, chart } of charts) {
    imageButtons(document.querySelectorAll(`[data-image][data-of="${place.id}"]`), chart, place, colours);
  }
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", paint);
  const follow = new ResizeObserver(() => {
    for (const { chart } of charts) chart.resize();
  });
  for (const { place } of charts) follow.observe(place);
  onPaper(charts);
}

/** On paper tables are whole, and charts as wide as the page. */
function onPaper(charts) {
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
  for (const when of ["beforeprint", "afterprint"]) {
    addEventListener(when, () => {
      for (const folds of document.querySelectorAll("[data-folds]")) folds.open = when === "beforeprint";
      for (const { chart } of charts) chart.resize(when === "beforeprint" ? ON_PAPER : ON_SCREEN);
    });
  }
}

draw();
