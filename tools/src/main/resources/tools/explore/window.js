// Station 5: the window of a token, its weights by head, and what it gathers.

function localWindow(root, facts, data) {
  const forms = facts.blocks[0].forms;
  const bar = controls(root);
  const block = choice(bar, "window-block", "Block", numbers(facts.blocks.length), show);
  root.querySelector("#window-width").textContent = `w is ${facts.window} here`;
  const names = forms.map((f, i) => f.name + (i === facts.runs ? " (this model)" : ""));
  const form = choice(bar, "window-form", "Form", names, heads);
  const head = choice(bar, "window-head", "Head", numbers(forms[0].heads), show);
  const token = slider(bar, "window-token", "Token", facts.tokens - 1, own,
    (i) => `${i}, row ${Math.floor(i / facts.grid)}, column ${i % facts.grid}`);
  token.set(Math.floor(facts.tokens / 2) + Math.floor(facts.grid / 2));
  const said = element(root, "output", { id: "window-said", for: "window-token window-head window-form" });
  const row = figures(root);
  const frame = canvasFigure(row, "The first frame of the clip");
  const places = counted("column", facts.grid);
  const grid = mapFigure(row, "weights", { across: places, down: counted("row", facts.grid) });
  const all = mapFigure(row, "all weights", {
    across: counted("token that is seen", facts.tokens), down: counted("token that looks", facts.tokens) });
  const lower = figures(root);
  const byHead = mapFigure(lower, "weights by head", { across: places, down: counted("head", forms[0].heads) });
  const gathered = mapFigure(lower, "what is gathered", { across: places, down: counted("head", forms[0].heads) });
  const picture = data.array(facts.frame);
  for (const figure of [grid, frame]) pickOn(figure.canvas, (r, c) => choose(figure.canvas, r, c));
  heads();

  function choose(canvas, r, c) {
    const y = Math.floor((r * facts.grid) / canvas.height);
    const x = Math.floor((c * facts.grid) / canvas.width);
    token.set(y * facts.grid + x);
    own();
  }

  function chosen() {
    return facts.blocks[block.value].forms[form.value];
  }

  function heads() {
    const select = root.querySelector("#window-head");
    select.replaceChildren();
    numbers(chosen().heads).forEach((name, i) => element(select, "option", { value: i }, name));
    show();
  }

  function show() {
    heat(all.canvas, at(data.array(chosen().weights), head.value), { signed: false });
    all.say(`The weights of all tokens in head ${head.value}: a row for each token, a column for each of the same tokens, dark where it sees none; the row of the chosen one has an edge`);
    own();
  }

  /** What is shown of one token. */
  function own() {
    const f = chosen();
    const weights = data.array(f.weights);
    const mine = at(at(weights, head.value), token.value);
    const row = Math.floor(token.value / facts.grid);
    const column = token.value % facts.grid;
    heat(grid.canvas, Object.assign(mine.slice(), { shape: [facts.grid, facts.grid] }), { signed: false });
    grid.mark(row, column);
    all.mark(token.value, -1);
    grid.say(`The weights of token ${token.value} (row ${row}, column ${column}, with an edge) over its frame, dark 0, ` +
      `brightest ${shown(largest(mine))}; point at another token`);
    const seen = Array.from(mine, (w, j) => [j, w]).filter((p) => p[1] > 0);
    outlined(row, column);
    const first = seen[0][0];
    const table = new Float32Array(f.heads * seen.length);
    for (let h = 0; h < f.heads; h++) {
      seen.forEach((p, k) => (table[h * seen.length + k] = at(at(weights, h), token.value)[p[0]]));
    }
    heat(byHead.canvas, Object.assign(table, { shape: [f.heads, seen.length] }), { signed: false });
    byHead.say(`Its weights by head: a row for each head (${f.heads}), a column for each token seen, from ${first} on; ` +
      `brightest ${shown(largest(table))}`,
      { across: { name: "token that is seen", first, last: seen[seen.length - 1][0] }, down: counted("head", f.heads) });
    const given = at(data.array(f.gathered), token.value);
    heat(gathered.canvas, given);
    gathered.say(`What it gathers, the values times the weights: a row for each head, ${given.shape[1]} numbers each, ` +
      `blue below zero, orange above, the strongest ${shown(largest(given))}`,
      { across: counted("channel of the head", given.shape[1]), down: counted("head", f.heads) });
    const own = at(given, head.value);
    const sum = seen.reduce((s, p) => s + p[1], 0);
    said.textContent = `Token ${token.value} sees ${seen.length} tokens, itself among them, ${first} to ${seen[seen.length - 1][0]}; ` +
      `weights in head ${head.value}: ${seen.map((p) => shown(p[1])).join(", ")}; sum ${shown(sum)}. What it gathers there ` +
      `begins with ${Array.from(own.subarray(0, 4), shown).join(", ")} and has length ` +
      `${shown(Math.hypot(...own))}.`;
  }

  /** The frame, the token's patch in it with a white edge. */
  function outlined(row, column) {
    const [, h, w] = picture.shape;
    const side = h / facts.grid;
    pictures(frame.canvas, picture);
    const context = frame.canvas.getContext("2d");
    context.strokeStyle = "#ffffff";
    context.strokeRect(column * side + 0.5, row * side + 0.5, (w / facts.grid) - 1, side - 1);
    frame.say(`The first frame of the clip; the patch of token ${token.value} has a white edge`);
  }
}
