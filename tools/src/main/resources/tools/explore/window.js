// Station 5: the window of a token, its weights by head, and what it gathers.

function localWindow(root, facts, data) {
  const forms = facts.blocks[0].forms;
  const bar = controls(root);
  const block = choice(bar, "window-block", "Block", numbers(facts.blocks.length), show);
  const names = forms.map((f, i) => f.name + (i === facts.runs ? " (this model)" : ""));
  const form = choice(bar, "window-form", "Form", names, heads);
  const head = choice(bar, "window-head", "Head", numbers(forms[0].heads), show);
  const token = slider(bar, "window-token", "Token", facts.tokens - 1, show,
    (i) => `${i}, row ${Math.floor(i / facts.grid)}, column ${i % facts.grid}`);
  token.set(Math.floor(facts.tokens / 2));
  const said = element(root, "output", { id: "window-said", for: "window-token window-head window-form" });
  const row = figures(root);
  const frame = canvasFigure(row, "The first frame of the clip");
  pictures(frame.canvas, data.array(facts.frame));
  const grid = canvasFigure(row, "weights");
  const all = canvasFigure(row, "all weights");
  pickOn(grid.canvas, (r, c) => {
    token.set(Math.min(facts.tokens - 1, r * facts.grid + c));
    show();
  });
  heads();

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
    const f = chosen();
    const weights = at(data.array(f.weights), head.value);
    const own = at(weights, token.value);
    heat(grid.canvas, Object.assign(own.slice(), { shape: [facts.grid, facts.grid] }), { signed: false });
    grid.say(`The weights of token ${token.value} over its frame, brightest ${shown(largest(own))}; click for another token`);
    heat(all.canvas, weights, { signed: false });
    all.say(`The weights of all tokens of head ${head.value}: a row for each token, a column for each that it sees`);
    const seen = Array.from(own, (w, j) => [j, w]).filter((p) => p[1] > 0);
    const sum = seen.reduce((s, p) => s + p[1], 0);
    said.textContent = `Token ${token.value} sees ${seen.length} tokens, ${seen[0][0]} to ${seen[seen.length - 1][0]}; ` +
      `weights ${seen.map((p) => shown(p[1])).join(", ")}; sum ${shown(sum)}. What it gathers has length ` +
      `${shown(at(data.array(f.gathered), head.value)[token.value])} in this head.`;
  }
}
