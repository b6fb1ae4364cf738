// Controls that work by keyboard, pointer and screen reader alike, because they are the browser's own.

function controls(parent) {
  return element(parent, "div", { class: "controls" });
}

/** A slider over 0..most that says what it stands at. */
function slider(parent, id, words, most, changed, describe = String) {
  const label = element(parent, "label", { class: "wide", for: id });
  const name = element(label, "span");
  const input = element(label, "input", { id, type: "range", min: 0, max: most, value: 0 });
  const show = () => {
    name.textContent = `${words}: ${describe(Number(input.value))}`;
    input.setAttribute("aria-valuetext", describe(Number(input.value)));
  };
  input.addEventListener("input", () => {
    show();
    changed();
  });
  show();
  return {
    get value() { return Number(input.value); },
    set(value, end = Number(input.max)) {
      input.max = end;
      input.value = value;
      show();
    },
    get most() { return Number(input.max); },
  };
}

/** A choice of one of several names; its value is the number of the chosen one. */
function choice(parent, id, words, names, changed) {
  const label = element(parent, "label", { for: id }, words);
  const select = element(label, "select", { id });
  names.forEach((name, i) => element(select, "option", { value: i }, name));
  select.addEventListener("change", changed);
  return {
    get value() { return Number(select.value); },
    set value(v) { select.value = v; },
  };
}

function button(parent, id, words, pressed) {
  const made = element(parent, "button", { id, type: "button" }, words);
  made.addEventListener("click", pressed);
  return made;
}

/** Play, pause, one step on, one step back for a slider; stops at its end. */
function player(parent, id, scrubber, changed, pause = 350) {
  let timer = 0;
  const play = button(parent, `${id}-play`, "Play", () => (timer ? stop() : start()));
  button(parent, `${id}-back`, "Step back", () => step(-1));
  button(parent, `${id}-on`, "Step on", () => step(1));
  function step(by) {
    stop();
    go(scrubber.value + by);
  }
  function go(value) {
    scrubber.set(Math.min(Math.max(value, 0), scrubber.most));
    changed();
  }
  function start() {
    if (scrubber.value === scrubber.most) go(0);
    play.textContent = "Pause";
    timer = setInterval(() => (scrubber.value === scrubber.most ? stop() : go(scrubber.value + 1)), pause);
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }
}

function figures(parent) {
  return element(parent, "div", { class: "figures" });
}

/**
 * A table that may scroll, and can be scrolled by keyboard. What it gives back writes rows, the first
 * cell of each its name; a cell [row, column] or, without a column, a row may be the current one.
 */
function table(parent, words) {
  const box = element(parent, "div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words });
  const made = element(box, "table");
  const top = element(element(made, "thead"), "tr");
  const body = element(made, "tbody");
  return (head, rows, [currentRow = -1, currentColumn = -1] = []) => {
    cells(top, head, () => ["th", { scope: "col" }]);
    while (body.children.length > rows.length) body.lastChild.remove();
    rows.forEach((row, r) => {
      const line = body.children[r] ?? element(body, "tr");
      cells(line, row, (c) => (c === 0 ? ["th", { scope: "row" }] : ["td", {}]));
      current(line, r === currentRow && currentColumn < 0);
      Array.from(line.children).forEach((cell, c) => current(cell, r === currentRow && c === currentColumn));
    });
  };
}

/** Writes the cells of a line, of which only those that differ are touched. */
function cells(line, texts, kind) {
  while (line.children.length > texts.length) line.lastChild.remove();
  texts.forEach((text, c) => {
    const cell = line.children[c] ?? element(line, ...kind(c));
    if (cell.textContent !== text) cell.textContent = text;
  });
}

function current(part, is) {
  if (is) part.setAttribute("aria-current", "true");
  else part.removeAttribute("aria-current");
}
