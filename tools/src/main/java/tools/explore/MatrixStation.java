package tools.explore;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.neg;
import static engine.op.elementwise.Elementwise.softplus;
import static engine.op.layout.Layout.reshape;
import static engine.op.layout.Layout.slice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.autodiff.Tape;
import engine.op.scan.Scan;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import medsora.denoiser.DenoiserConfig;

/**
 * Station 4: the semiseparable matrix M of Eq. 4 of every block, spatial walk and head, for the
 * sequence in the middle of the frame, with the C, A, B and dt that it is made of; and the same
 * scan as a recurrence and in chunks. M comes out of the scan that the model runs: its inputs are
 * the columns of the unit matrix.
 */
record MatrixStation() implements Station {
  private static final int WALKS = 4;

  /** Chunks that a sequence is cut into, for the eye; the model's own are longer than it. */
  private static final int CHUNKS = 4;

  @Override
  public String id() {
    return "matrix";
  }

  @Override
  public List<Place> places() {
    return List.of(
        Place.model("C, B, x and dt of every token", 3, "denoiser/MambaMixer", "mix"),
        Place.engine("the scan, as recurrence or matrix", 3, "op/scan/Scan", "ssdScan"),
        Place.engine("the five steps of the chunks", 4, "reference/SsdListing", "run"));
  }

  @Override
  public void write(Subject s, Arrays arrays, ObjectNode facts) {
    DenoiserConfig config = s.denoiser().config();
    int heads = config.innerWidth() / config.headDim();
    int sequence = config.grid() / 2;
    int steps = config.frames() * config.grid();
    int chunk = (steps + CHUNKS - 1) / CHUNKS;
    facts.put("heads", heads).put("state", config.stateSize()).put("steps", steps);
    facts.put("sequence", sequence).put("chunk", chunk).put("modelChunk", config.chunk());
    ArrayNode scans = facts.putArray("scans");
    for (int block = 0; block < config.depth(); block++) {
      for (int walk = 0; walk < WALKS; walk++) {
        ObjectNode node = scans.addObject();
        node.put("block", block).put("walk", walk);
        try (Tape scope = Tape.noGrad()) {
          Inputs in = inputs(s, block, (walk * config.grid()) + sequence);
          write(in, chunk, arrays, node);
        }
      }
    }
  }

  /**
   * One sequence of a scan.
   *
   * @param x [1, L, H, P]
   * @param dt [1, L, H]
   * @param rate A [H]
   * @param b [1, L, 1, N]
   * @param c [1, L, 1, N]
   * @param skip D [H]
   * @param y what the model's scan gave [1, L, H P]
   */
  private record Inputs(
      Tensor x, Tensor dt, Tensor rate, Tensor b, Tensor c, Tensor skip, Tensor y) {
    int steps() {
      return x.dim(1);
    }

    int heads() {
      return x.dim(2);
    }
  }

  private static Inputs inputs(Subject s, int block, int sequence) {
    DenoiserConfig config = s.denoiser().config();
    Tensor rows = slice(s.piece(block, "mamba_hw.rows"), 0, sequence, sequence + 1);
    Tensor y = slice(s.piece(block, "mamba_hw.y"), 0, sequence, sequence + 1);
    int inner = config.innerWidth();
    int n = config.stateSize();
    int steps = rows.dim(1);
    int heads = inner / config.headDim();
    Tensor raw = slice(rows, 2, inner + (2 * n), inner + (2 * n) + heads);
    return new Inputs(
        reshape(slice(rows, 2, 0, inner), 1, steps, heads, config.headDim()),
        softplus(add(raw, s.weight(block, "mamba_hw.dt_bias"))),
        neg(exp(s.weight(block, "mamba_hw.A_log"))),
        reshape(slice(rows, 2, inner, inner + n), 1, steps, 1, n),
        reshape(slice(rows, 2, inner + n, inner + (2 * n)), 1, steps, 1, n),
        s.weight(block, "mamba_hw.D"),
        y);
  }

  private static void write(Inputs in, int chunk, Arrays arrays, ObjectNode node) {
    int steps = in.steps();
    int heads = in.heads();
    node.set("b", arrays.floats(in.b().toArray(), steps, in.b().dim(3)));
    node.set("c", arrays.floats(in.c().toArray(), steps, in.c().dim(3)));
    node.set("dt", arrays.floats(in.dt().toArray(), steps, heads));
    node.set("a", arrays.floats(in.rate()));
    node.set("d", arrays.floats(in.skip()));
    node.set("m", arrays.floats(matrix(in, Scan.CHUNK), heads, steps, steps));
    float[] x = channel(in.x().toArray(), steps, heads);
    float[] y = channel(in.y().toArray(), steps, heads);
    node.set("x", arrays.floats(x, heads, steps));
    node.set("y", arrays.floats(y, heads, steps));
    ChunkSteps[] of = new ChunkSteps[heads];
    for (int h = 0; h < heads; h++) {
      of[h] = ChunkSteps.of(head(in, x, h), chunk);
    }
    ChunkSteps.write(of, arrays, node);
  }

  /** M of every head [H, L, L]: what the scan gives for the columns of the unit matrix. */
  private static float[] matrix(Inputs in, int chunk) {
    int steps = in.steps();
    int heads = in.heads();
    float[] unit = new float[steps * heads * steps];
    for (int t = 0; t < steps; t++) {
      for (int h = 0; h < heads; h++) {
        unit[(((t * heads) + h) * steps) + t] = 1;
      }
    }
    Tensor x = Tensor.of(Shape.of(1, steps, heads, steps), unit);
    float[] y = Scan.ssdScan(x, in.dt(), in.rate(), in.b(), in.c(), null, null, chunk).toArray();
    float[] m = new float[heads * steps * steps];
    for (int i = 0; i < steps; i++) {
      for (int h = 0; h < heads; h++) {
        System.arraycopy(y, ((i * heads) + h) * steps, m, ((h * steps) + i) * steps, steps);
      }
    }
    return m;
  }

  /** The first channel of each head of [L, H P]: [H, L]. */
  private static float[] channel(float[] values, int steps, int heads) {
    int width = values.length / steps;
    float[] out = new float[heads * steps];
    for (int t = 0; t < steps; t++) {
      for (int h = 0; h < heads; h++) {
        out[(h * steps) + t] = values[(t * width) + (h * width / heads)];
      }
    }
    return out;
  }

  /** A head's first channel as the listing wants it. */
  private static ChunkSteps.Head head(Inputs in, float[] x, int h) {
    int steps = in.steps();
    int heads = in.heads();
    float[] dt = in.dt().toArray();
    float rate = in.rate().toArray()[h];
    double[][] inputs = new double[steps][1];
    double[] decays = new double[steps];
    for (int t = 0; t < steps; t++) {
      double width = dt[(t * heads) + h];
      inputs[t][0] = width * x[(h * steps) + t];
      decays[t] = width * rate;
    }
    return new ChunkSteps.Head(inputs, decays, rows(in.b()), rows(in.c()));
  }

  private static double[][] rows(Tensor x) {
    int n = x.dim(3);
    float[] values = x.toArray();
    double[][] rows = new double[x.dim(1)][n];
    for (int i = 0; i < values.length; i++) {
      rows[i / n][i % n] = values[i];
    }
    return rows;
  }
}
