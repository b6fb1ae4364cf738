// Heat maps: numbers as colours, with named axes, and marks where one of them is looked at.

/**
 * A figure with a canvas and an axis on two of its sides. An axis is {name, first, last}, or {names}
 * with a name for each of few rows; what it shows is told to screen readers too.
 */
function mapFigure(parent, words, { across, down, kind = "" }) {
  const figure = element(parent, "figure", { class: kind });
  const frame = element(figure, "div", { class: "map" });
  const left = element(frame, "div", { class: "down", "aria-hidden": "true" });
  const held = element(frame, "div", { class: "held" });
  const canvas = element(held, "canvas", { role: "img", width: 1, height: 1 });
  const over = element(held, "svg", { class: "marks", preserveAspectRatio: "none", "aria-hidden": "true" });
  const below = element(frame, "div", { class: "across", "aria-hidden": "true" });
  const caption = element(figure, "figcaption");
  const own = { words, across, down };
  const tell = () => {
    const label = `${own.words}. Across: ${spoken(own.across)}; down: ${spoken(own.down)}.`;
    if (canvas.getAttribute("aria-label") === label) return;
    canvas.setAttribute("aria-label", label);
    caption.textContent = own.words;
    written(below, own.across);
    written(left, own.down);
  };
  tell();
  return {
    canvas,
    say(text, axes = {}) {
      Object.assign(own, axes, { words: text });
      tell();
    },
    /** Marks a row, a column, and where both are given the cell that they meet in. */
    mark(row, column) {
      marks(over, canvas, row, column);
    },
  };
}

function spoken(axis) {
  return axis.names ? axis.names.join(", ") : `${axis.name}, ${axis.first} to ${axis.last}`;
}

/** The ends of an axis and its name, or the names of all its rows. */
function written(parent, axis) {
  const texts = axis.names ?? (axis.first === axis.last ? [axis.name] : [axis.first, axis.name, axis.last]);
  parent.classList.toggle("named", Boolean(axis.names));
  cells(parent, texts.map(String), () => ["span"]);
}

/** An axis of so many, counted from 0. */
function counted(name, count) {
  return { name, first: 0, last: count - 1 };
}

/**
 * A matrix [rows, columns] in colours: around zero on both sides, or from zero up. Grey is what lies
 * above the diagonal, where only the lower triangle is wanted, and what is below a last row.
 */
function heat(canvas, values, { signed = true, most = largest(values), lower = false, upTo = Infinity } = {}) {
  const [rows, columns] = values.shape;
  const unit = 1 / (most || 1);
  paint(canvas, columns, rows, (pixels) => {
    for (let row = 0, i = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, i++) {
        const v = values[i] * unit;
        const hidden = row > upTo || (lower && column > row);
        pixels[i] = hidden ? GREY : signed ? tone(BOTH_SIDES, (v + 1) / 2) : tone(DARK_TO_LIGHT, v);
      }
    }
  });
}

/** Planes [n, h, w] side by side in colours around zero, a line between them. */
function tiles(canvas, planes, most) {
  const [n, h, w] = planes.shape;
  const wide = n * (w + 1) - 1;
  paint(canvas, wide, h, (pixels) => {
    pixels.fill(GREY);
    for (let k = 0, i = 0; k < n; k++) {
      for (let y = 0; y < h; y++) {
        const row = y * wide + k * (w + 1);
        for (let x = 0; x < w; x++) pixels[row + x] = tone(BOTH_SIDES, (planes[i++] / most + 1) / 2);
      }
    }
  });
}

/** Each mark is drawn twice, wide and light below narrow and dark, so that it is seen on every colour. */
function marks(svg, canvas, row, column) {
  const [w, h] = [canvas.width, canvas.height];
  svg.setAttribute("viewBox", `0 0 ${w} ${h}`);
  const boxes = [];
  if (row >= 0) boxes.push([0, row, w, 1, "band"]);
  if (column >= 0) boxes.push([column, 0, 1, h, "band"]);
  if (row >= 0 && column >= 0) boxes.push([column, row, 1, 1, "cell"]);
  const drawn = boxes.flatMap((box) => [[...box, "light"], [...box, "dark"]]);
  while (svg.children.length > drawn.length) svg.lastChild.remove();
  drawn.forEach(([x, y, width, height, shape, tone], k) => {
    const rect = svg.children[k] ?? element(svg, "rect", { "vector-effect": "non-scaling-stroke" });
    for (const [name, value] of Object.entries({ x, y, width, height, class: `${shape} ${tone}` })) {
      rect.setAttribute(name, value);
    }
  });
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
    picked(Math.min(canvas.height - 1, Math.max(0, row)), Math.min(canvas.width - 1, Math.max(0, column)));
  }
}
