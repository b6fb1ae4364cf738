// Shows every station.

const STATIONS = { way, denoising, scans, matrix, window: localWindow, gates, autoencoder, whatif };

openData().then((data) => {
  const m = data.facts.model;
  document.getElementById("card").textContent =
    `The model: ${m.depth} blocks of width ${m.hidden}, ${(m.parameters / 1e6).toFixed(2)} million parameters, and an ` +
    `autoencoder of ${(m.vaeParameters / 1e6).toFixed(2)} million; the clip: ${m.clip}, ${m.size} x ${m.size} pixels, labelled "${m.label}".`;
  for (const [id, show] of Object.entries(STATIONS)) {
    const root = document.getElementById(id);
    show(root, data.facts[id], data);
    places(root, data.facts[id].places);
    tour(root, m.tour);
  }
  window.explorer = data;
  document.body.dataset.ready = String(Math.round(performance.now()));
});

/** The same station in the words of the documentation, as a link where the page lies beside it. */
function tour(root, page) {
  const title = root.querySelector("h2").textContent;
  const said = element(root, "p", { class: "tour" });
  if (!page) {
    said.textContent = `In the documentation: docs/tour.md, ${title}.`;
    return;
  }
  const anchor = title.toLowerCase().replace(/[^a-z0-9 ]/g, "").replaceAll(" ", "-");
  element(said, "a", { href: `${page}#${anchor}` }, `In the documentation: ${title}`);
}

/** Where the program computes what a station shows. */
function places(root, all) {
  const name = root.querySelector("h2").textContent;
  const opened = element(root, "details");
  element(opened, "summary", {}, "Where this is computed: equation, file, method");
  table(opened, `where it is computed: ${name}`)(["What", "Equation", "File", "Method"],
    all.map((p) => [p.what, p.equation ? `Eq. ${p.equation}` : "none in the paper", p.file, p.member]));
}
