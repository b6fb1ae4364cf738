// Pictures on canvas and charts in SVG. Colours are told apart by the colour-blind: heat maps go from
// dark blue to yellow (after cividis) or from blue over grey to orange; lines differ in dashes too.

const DARK_TO_LIGHT = [[0, 32, 77], [60, 77, 110], [124, 123, 120], [188, 175, 111], [255, 234, 70]];
const BOTH_SIDES = [[0, 90, 170], [110, 170, 215], [235, 235, 235], [240, 165, 90], [170, 60, 0]];

function mixed(palette, share) {
  const place = Math.min(Math.max(share, 0), 1) * (palette.length - 1);
  const i = Math.min(Math.floor(place), palette.length - 2);
  return palette[i].map((c, k) => c + (palette[i + 1][k] - c) * (place - i));
}

function element(parent, tag, attributes = {}, text = "") {
  const svg = ["svg", "g", "path", "rect", "line", "text", "polyline"].includes(tag);
  const made = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
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
    caption.textContent = text;
    canvas.setAttribute("aria-label", text);
  };
  return { canvas, say };
}

/** Frames [n, h, w, 3] side by side. */
function pictures(canvas, frames) {
  const [n, h, w] = frames.shape;
  paint(canvas, n * w + n - 1, h, (x, y) => {
    const frame = Math.floor(x / (w + 1));
    const column = x % (w + 1);
    if (column === w) return [128, 128, 128];
    const i = ((frame * h + y) * w + column) * 3;
    return [frames[i], frames[i + 1], frames[i + 2]];
  });
}

/** A matrix [rows, columns] in colours: around zero on both sides, or from zero up. */
function heat(canvas, values, { signed = true, most = largest(values) } = {}) {
  const [rows, columns] = values.shape;
  const scale = most || 1;
  paint(canvas, columns, rows, (x, y) => {
    const v = values[y * columns + x] / scale;
    return signed ? mixed(BOTH_SIDES, (v + 1) / 2) : mixed(DARK_TO_LIGHT, v);
  });
}

function largest(values) {
  let most = 0;
  for (const v of values) most = Math.max(most, Math.abs(v));
  return most;
}

function paint(canvas, width, height, colour) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b] = colour(x, y);
      image.data[i++] = r;
      image.data[i++] = g;
      image.data[i++] = b;
      image.data[i++] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

/** The row and column of a heat map under the pointer. */
function pickOn(canvas, picked) {
  canvas.classList.add("pick");
  canvas.addEventListener("pointermove", (e) => e.pointerType === "mouse" && tell(e));
  canvas.addEventListener("pointerdown", tell);
  function tell(e) {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((e.clientX - box.left) / box.width) * canvas.width);
    const row = Math.floor(((e.clientY - box.top) / box.height) * canvas.height);
    picked(Math.max(0, row), Math.max(0, column));
  }
}

/** A chart of lines: series {name, x, y}, drawn anew into the figure. */
function lines(figure, words, series, { log = false } = {}) {
  const svg = chart(figure, words);
  const across = series.flatMap((s) => Array.from(s.x));
  const up = series.flatMap((s) => Array.from(s.y)).map((v) => (log ? Math.log10(v) : v));
  const [x0, x1] = [Math.min(...across), Math.max(...across)];
  const [y0, y1] = [log ? Math.min(...up) : Math.min(0, ...up), Math.max(...up)];
  axes(svg, x0, x1, log ? 10 ** y0 : y0, log ? 10 ** y1 : y1);
  series.forEach((s, k) => {
    const points = Array.from(s.x, (x, i) => {
      const y = log ? Math.log10(s.y[i]) : s.y[i];
      return `${58 + (252 * (x - x0)) / (x1 - x0 || 1)},${150 - (135 * (y - y0)) / (y1 - y0 || 1)}`;
    });
    element(svg, "polyline", { class: `line s${k % 4}`, points: points.join(" ") });
  });
  key(figure, series.map((s) => s.name));
}

/** A histogram: series {name, y} over whole numbers from 0. */
function bars(figure, words, series) {
  const svg = chart(figure, words);
  const count = Math.max(...series.map((s) => s.y.length));
  const most = Math.max(1, ...series.flatMap((s) => Array.from(s.y)));
  axes(svg, 0, count - 1, 0, most);
  const wide = 252 / count;
  series.forEach((s, k) =>
    s.y.forEach((v, i) => {
      const height = (135 * v) / most;
      const x = 58 + wide * (i + k / series.length);
      const box = { x, y: 150 - height, width: wide / series.length, height, class: `bar b${k}` };
      if (v > 0) element(svg, "rect", box);
    }));
  key(figure, series.map((s) => s.name));
}

function chart(figure, words) {
  figure.replaceChildren();
  const svg = element(figure, "svg", { viewBox: "0 0 320 175", role: "img", "aria-label": words });
  element(figure, "figcaption", {}, words);
  return svg;
}

function axes(svg, x0, x1, y0, y1) {
  element(svg, "line", { class: "axis", x1: 58, y1: 150, x2: 310, y2: 150 });
  element(svg, "line", { class: "axis", x1: 58, y1: 15, x2: 58, y2: 150 });
  element(svg, "text", { x: 58, y: 166 }, shown(x0));
  element(svg, "text", { x: 310, y: 166, "text-anchor": "end" }, shown(x1));
  element(svg, "text", { x: 54, y: 152, "text-anchor": "end" }, shown(y0));
  element(svg, "text", { x: 54, y: 22, "text-anchor": "end" }, shown(y1));
}

function key(figure, names) {
  const marks = ["solid, blue", "dashed, orange", "dotted, green", "dash and dot, purple"];
  const list = element(figure, "ul", { class: "key" });
  names.forEach((name, k) => element(list, "li", {}, names.length > 1 ? `${name} (${marks[k % 4]})` : name));
}
