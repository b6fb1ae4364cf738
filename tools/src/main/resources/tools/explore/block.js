// Station 1, its last part: a block of the denoiser from inside, as a drawing whose parts lead on.

/** Where the boxes of the drawing are, in its own units. */
const WIDE = 340;
const BOX = { x: 24, width: 196, line: 14 };
const MIDDLE = BOX.x + BOX.width / 2;
const SIDE = { x: 240, width: 98 };

function inside(root, b) {
  element(root, "h3", { id: "block" }, "Inside a block");
  element(root, "p", {}, `The denoiser has ${b.count} blocks of one build. Tokens go in at the top; each of three parts gets them ` +
    "normed, scaled and shifted by t, and its answer, multiplied by a gate of t, is added to what went past it. The spatial " +
    "component is local attention and spatial Mamba, the temporal one temporal Mamba. The shapes are those of the model " +
    "shown here. Every box leads to the station that opens it.");
  const figure = element(root, "figure", { class: "large", id: "way-block" });
  const words = "A block: local attention, spatial Mamba and temporal Mamba, one after the other";
  const svg = element(figure, "svg", { role: "group", "aria-label": words });
  element(figure, "figcaption", {}, `${words}. Shapes are [sequences, tokens, width]; ` +
    "a circle with a plus adds a part's answer, times its gate, to what went past it.");
  const end = boxes(svg, b);
  svg.setAttribute("viewBox", `0 0 ${WIDE} ${end}`);
}

function boxes(svg, b) {
  const width = b.tokens[2];
  const first = label(svg, `tokens ${shape(b.tokens)}`, 14);
  const attention = part(svg, first, "spatial component", [
    [["Local attention (Eq. 6 and 7)", `in each frame: ${shape([b.frames, b.frameTokens, width])}`,
      `${plural(b.attentionHeads, "head")}, window ${b.window}`], "#window"]]);
  const spatial = part(svg, attention, "", [
    [["Scans: four walks (Eq. 8)", b.trueSpiral ? "along spirals, width and height" : "the released order, width and height",
      `x, B, C, dt: ${shape(b.rows)}`], "#scans"],
    [["SSD: y = M x (Eq. 3 and 4)", `${plural(b.heads, "head")}, state ${b.state}`, `y: ${shape(b.scanned)}`], "#matrix"],
    [["Gated fusion (Eq. 9)", "width and height joined", shape(b.fused)], "#gates"],
  ]);
  const temporal = part(svg, spatial, "temporal component", [
    [["Temporal Mamba (Eq. 10)", "one scan along the frames", `y: ${shape(b.temporalScanned)}`], "#temporal"]]);
  arrow(svg, MIDDLE, temporal, temporal + 12);
  modulating(svg, b, first, temporal);
  return label(svg, `tokens ${shape(b.out)}, to the next block`, temporal + 25);
}

/** A part of the block: its boxes, what goes past them on the left, and where both are added. */
function part(svg, from, name, all) {
  if (name) element(svg, "text", { x: MIDDLE + 10, y: from + 14, class: "title" }, name);
  element(svg, "path", { class: "wire", d: `M ${MIDDLE} ${from} V ${from + 10}` });
  let y = from + 10;
  all.forEach(([texts, to]) => {
    arrow(svg, MIDDLE, y, y + 12);
    y = box(svg, { ...BOX, y: y + 12 }, texts, to);
  });
  arrow(svg, MIDDLE, y, y + 10);
  element(svg, "path", { class: "wire", d: `M ${MIDDLE} ${from + 5} H 10 V ${y + 18} H ${MIDDLE - 8}` });
  element(svg, "circle", { class: "wire", cx: MIDDLE, cy: y + 18, r: 8 });
  element(svg, "path", { class: "wire", d: `M ${MIDDLE - 4} ${y + 18} H ${MIDDLE + 4} M ${MIDDLE} ${y + 14} V ${y + 22}` });
  return y + 26;
}

/** Shift, scale and gate of t, beside all parts. */
function modulating(svg, b, from, to) {
  const texts = ["Modulation", `t as ${shape(b.step)}`, "gives shift, scale", "and gate of the", "three parts:", shape(b.modulation)];
  const height = texts.length * BOX.line + 8;
  const y = (from + to - height) / 2;
  const right = BOX.x + BOX.width;
  box(svg, { ...SIDE, y, line: BOX.line }, texts, "#gates");
  element(svg, "path", { class: "wire dashed", d: `M ${SIDE.x + SIDE.width / 2} ${y} V ${from + 46} H ${right}` });
  element(svg, "path", { class: "wire dashed", d: `M ${SIDE.x} ${y + height / 2} H ${right}` });
  element(svg, "path", { class: "wire dashed", d: `M ${SIDE.x + SIDE.width / 2} ${y + height} V ${to - 51} H ${right}` });
}

/** A link with lines of text; the place below it. */
function box(svg, { x, y, width, line }, texts, to) {
  const link = element(svg, "a", { href: to });
  const height = texts.length * line + 8;
  element(link, "rect", { class: "box", x, y, width, height, rx: 4 });
  texts.forEach((text, i) =>
    element(link, "text", { x: x + width / 2, y: y + line * (i + 1), "text-anchor": "middle", class: i === 0 ? "title" : "" }, text));
  return y + height;
}

function label(svg, text, y) {
  element(svg, "text", { x: MIDDLE, y, "text-anchor": "middle" }, text);
  return y + 6;
}

function arrow(svg, x, from, to) {
  element(svg, "path", { class: "wire", d: `M ${x} ${from} V ${to} M ${x - 3} ${to - 4} L ${x} ${to} L ${x + 3} ${to - 4}` });
}

function shape(dims) {
  return `[${dims.join(", ")}]`;
}

function plural(count, name) {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
