// Pictures on canvas and charts in SVG. Colours are told apart by the colour-blind: shares go from
// dark blue to yellow (after cividis), signed values from blue over grey to orange; lines differ in dashes too.
// A picture is painted in one go of packed colours, so that a slider can paint one at every frame.

const DARK_TO_LIGHT = scale([[0, 32, 77], [60, 77, 110], [124, 123, 120], [188, 175, 111], [255, 234, 70]]);
const BOTH_SIDES = scale([[0, 90, 170], [110, 170, 215], [235, 235, 235], [240, 165, 90], [170, 60, 0]]);
const GREY = packed(128, 128, 128);
const WHITE = packed(255, 255, 255);
const SVG = "http://www.w3.org/2000/svg";

/** Red, green, blue and no transparency as a canvas holds them. */
function packed(r, g, b) {
  return (255 << 24) | (b << 16) | (g << 8) | r;
}

/** 256 colours through some given ones. */
function scale(through) {
  return Int32Array.from({ length: 256 }, (_, n) => {
    const place = (n / 255) * (through.length - 1);
    const i = Math.min(Math.floor(place), through.length - 2);
    return packed(...through[i].map((c, k) => Math.round(c + (through[i + 1][k] - c) * (place - i))));
  });
}

/** The colour of a share of 0 to 1. */
function tone(colours, share) {
  return colours[share > 0 ? Math.min(255, (share * 255 + 0.5) | 0) : 0];
}

/** A new part at the end of another; what is inside a drawing is part of the drawing. */
function element(parent, tag, attributes = {}, text = "") {
  const svg = tag === "svg" || parent.namespaceURI === SVG;
  const made = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

/** A figure with a canvas; what it shows is told to screen readers too. */
function canvasFigure(parent, words, kind = "") {
  const figure = element(parent, "figure", { class: kind });
  const canvas = element(figure, "canvas", { role: "img", "aria-label": words, width: 1, height: 1 });
  const caption = element(figure, "figcaption", {}, words);
  const say = (text) => {
    if (caption.textContent === text) return;
    caption.textContent = text;
    canvas.setAttribute("aria-label", text);
  };
  return { canvas, say };
}

/** Frames [n, h, w, 3] side by side. */
function pictures(canvas, frames) {
  const [n, h, w] = frames.shape;
  const wide = n * (w + 1) - 1;
  paint(canvas, wide, h, (pixels) => {
    pixels.fill(GREY);
    for (let frame = 0, i = 0; frame < n; frame++) {
      for (let y = 0; y < h; y++) {
        const row = y * wide + frame * (w + 1);
        for (let x = 0; x < w; x++, i += 3) pixels[row + x] = packed(frames[i], frames[i + 1], frames[i + 2]);
      }
    }
  });
}

function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** Lets a function fill the packed colours of a picture, row by row. */
function paint(canvas, width, height, fill) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  fill(new Int32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}

const LEFT = 58;
const RIGHT = 310;
const TOP = 20;
const BOTTOM = 150;

/**
 * A chart of lines: series {name, x, y}, drawn anew into the figure; what it gives back puts a line
 * across at some x. The axes are called by two words, across and up.
 */
function lines(figure, words, names, series, { log = false } = {}) {
  const svg = chart(figure, words);
  const across = series.flatMap((s) => Array.from(s.x));
  const up = series.flatMap((s) => Array.from(s.y)).map((v) => (log ? Math.log10(v) : v));
  const [x0, x1] = [Math.min(...across), Math.max(...across)];
  const [y0, y1] = [log ? Math.min(...up) : Math.min(0, ...up), Math.max(...up)];
  axes(svg, names, [x0, x1], log ? [10 ** y0, 10 ** y1] : [y0, y1]);
  const place = (x) => LEFT + ((RIGHT - LEFT) * (x - x0)) / (x1 - x0 || 1);
  series.forEach((s, k) => {
    const points = Array.from(s.x, (x, i) => {
      const y = log ? Math.log10(s.y[i]) : s.y[i];
      return `${place(x).toFixed(1)},${(BOTTOM - ((BOTTOM - TOP) * (y - y0)) / (y1 - y0 || 1)).toFixed(1)}`;
    });
    element(svg, "polyline", { class: `line s${k % 4}`, points: points.join(" ") });
  });
  key(figure, series.map((s) => s.name));
  const here = element(svg, "line", { class: "here", y1: TOP, y2: BOTTOM, visibility: "hidden" });
  return (x) => {
    here.setAttribute("x1", place(x));
    here.setAttribute("x2", place(x));
    here.setAttribute("visibility", "visible");
  };
}

/** A histogram: series {name, y} over whole numbers from 0, which stand for 0 to {@code end}. */
function bars(figure, words, names, series, end = 0) {
  const svg = chart(figure, words);
  const count = Math.max(...series.map((s) => s.y.length));
  const most = Math.max(1, ...series.flatMap((s) => Array.from(s.y)));
  axes(svg, names, [0, end || count - 1], [0, most]);
  const wide = (RIGHT - LEFT) / count;
  series.forEach((s, k) =>
    s.y.forEach((v, i) => {
      const height = ((BOTTOM - TOP) * v) / most;
      const x = LEFT + wide * (i + k / series.length);
      const box = { x, y: BOTTOM - height, width: wide / series.length, height, class: `bar b${k}` };
      if (v > 0) element(svg, "rect", box);
    }));
  key(figure, series.map((s) => s.name), ["blue", "orange", "green"]);
}

function chart(figure, words) {
  figure.replaceChildren();
  const svg = element(figure, "svg", { viewBox: "0 0 320 185", role: "img", "aria-label": words });
  element(figure, "figcaption", {}, words);
  return svg;
}

function axes(svg, [across, up], [x0, x1], [y0, y1]) {
  element(svg, "line", { class: "axis", x1: LEFT, y1: BOTTOM, x2: RIGHT, y2: BOTTOM });
  element(svg, "line", { class: "axis", x1: LEFT, y1: TOP, x2: LEFT, y2: BOTTOM });
  element(svg, "text", { x: LEFT, y: BOTTOM + 14 }, shown(x0));
  element(svg, "text", { x: RIGHT, y: BOTTOM + 14, "text-anchor": "end" }, shown(x1));
  element(svg, "text", { x: LEFT - 4, y: BOTTOM + 2, "text-anchor": "end" }, shown(y0));
  element(svg, "text", { x: LEFT - 4, y: TOP + 8, "text-anchor": "end" }, shown(y1));
  element(svg, "text", { x: (LEFT + RIGHT) / 2, y: BOTTOM + 28, "text-anchor": "middle" }, across);
  element(svg, "text", { x: 4, y: 12 }, up);
}

function key(figure, names, marks = ["solid, blue", "dashed, orange", "dotted, green", "dash and dot, purple"]) {
  if (names.length < 2) return;
  const list = element(figure, "ul", { class: "key" });
  names.forEach((name, k) => element(list, "li", {}, `${name} (${marks[k % marks.length]})`));
}
