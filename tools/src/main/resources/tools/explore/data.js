// The page's data: facts as JSON, and arrays that the facts refer to by {at, type, shape}.

const KINDS = { f4: Float32Array, i2: Int16Array, u1: Uint8Array };

async function openData() {
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const text = atob(document.getElementById("arrays").textContent);
  const packed = Uint8Array.from(text, (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  return { facts, array: (node) => arrayOf(buffer, node) };
}

/** The values of an array as the machine has them, with its shape. */
function arrayOf(buffer, node) {
  const count = node.shape.reduce((a, b) => a * b, 1);
  return Object.assign(new KINDS[node.type](buffer, node.at, count), { shape: node.shape });
}

/** Part of an array: that at an index of its first axis. */
function at(values, index) {
  const shape = values.shape.slice(1);
  const size = shape.reduce((a, b) => a * b, 1);
  return Object.assign(values.subarray(index * size, (index + 1) * size), { shape });
}

/** A number as a reader wants it: four digits that count. */
function shown(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || (Number.isInteger(value) && size < 1e5)) return String(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(4);
}
