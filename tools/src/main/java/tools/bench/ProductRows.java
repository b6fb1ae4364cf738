package tools.bench;

import java.util.ArrayList;
import java.util.List;
import medsora.denoiser.DenoiserConfig;

/**
 * Matrix products: a cube, and the linear layers of MedSora-B on the tokens of a clip, of a frame,
 * of one sequence along space (f w tokens) and along time (f), and the gradients of the layers.
 * Named {@code matmul-MxNxK}, as [M,K] by [K,N].
 */
final class ProductRows {
  private static final int CUBE = 1024;

  /** Large enough for a graphics card. */
  private static final int LARGE_CUBE = 4096;

  /** Tokens of 16 clips: gradients of weights sum over all tokens that a process sees at once. */
  private static final int LONG = 16;

  private final List<Row> rows = new ArrayList<>();

  /** All of them, each also on one thread where that is asked for below. */
  static List<Row> all() {
    ProductRows made = new ProductRows();
    made.addBoth(new Matmul(CUBE, CUBE, CUBE, false, false), "matmul-" + CUBE, true);
    made.rows.add(
        Row.of(
            "matmul-" + LARGE_CUBE,
            Row.Family.PRODUCT,
            new Matmul(LARGE_CUBE, LARGE_CUBE, LARGE_CUBE, false, false)));
    made.addModel(Models.denoiserConfig(12));
    return made.rows;
  }

  private void addModel(DenoiserConfig c) {
    int d = c.hidden();
    int inner = c.innerWidth();
    int projected = (2 * inner) + (2 * c.stateSize()) + (inner / c.headDim());
    int tokens = c.frames() * c.tokens();
    int pixels = c.patch() * c.patch() * c.outChannels();
    // in_proj; out_proj along time, and of both spatial axes at once; queries, keys, values, W_o
    // and both gates; the last projection.
    addBoth(Matmul.linear(tokens, projected, d), "", true);
    addBoth(Matmul.linear(tokens, d, inner), "", false);
    addBoth(Matmul.linear(2 * tokens, d, inner), "", false);
    addBoth(Matmul.linear(tokens, d, d), "", false);
    add(Matmul.linear(tokens, pixels, d), "");
    // One sequence along time, one along space, one frame, one chunk of a long scan.
    for (int few : new int[] {c.frames(), c.frames() * c.grid(), c.tokens(), c.chunk()}) {
      addBoth(Matmul.linear(few, projected, d), "", false);
      add(Matmul.linear(few, d, inner), "");
    }
    // The nine modulations of a block, from one embedded timestep.
    add(Matmul.linear(1, 9 * d, d), "");
    addBoth(Matmul.linearGradInput(tokens, projected, d), Pass.GRAD_INPUT.suffix(), false);
    for (int many : new int[] {tokens, LONG * tokens}) {
      addBoth(Matmul.linearGradWeight(many, projected, d), Pass.GRAD_WEIGHT.suffix(), false);
      add(Matmul.linearGradWeight(many, d, d), Pass.GRAD_WEIGHT.suffix());
    }
    add(Matmul.linearGradWeight(LONG * tokens, pixels, d), Pass.GRAD_WEIGHT.suffix());
  }

  private void add(Matmul m, String suffix) {
    String name = "matmul-%dx%dx%d%s".formatted(m.m(), m.n(), m.k(), suffix);
    rows.add(Row.of(name, Row.Family.PRODUCT, m));
  }

  private void addBoth(Matmul m, String name, boolean quick) {
    if (name.startsWith("matmul")) {
      rows.add(Row.of(name, Row.Family.PRODUCT, m));
    } else {
      add(m, name);
    }
    Row row = rows.removeLast();
    rows.add(quick ? row.inQuick() : row);
    rows.add(row.onOneThread());
  }
}
