// Shows every station.

const STATIONS = { way, denoising, scans, matrix, window: localWindow, gates, autoencoder, whatif };

openData().then((data) => {
  const m = data.facts.model;
  document.getElementById("card").textContent =
    `The model: ${m.depth} blocks of width ${m.hidden}, ${(m.parameters / 1e6).toFixed(2)} million parameters, and an ` +
    `autoencoder of ${(m.vaeParameters / 1e6).toFixed(2)}; the clip: ${m.clip}, ${m.size} x ${m.size} pixels, ${m.label}.`;
  for (const [id, show] of Object.entries(STATIONS)) show(document.getElementById(id), data.facts[id], data);
  window.explorer = data;
  document.body.dataset.ready = String(Math.round(performance.now()));
});
