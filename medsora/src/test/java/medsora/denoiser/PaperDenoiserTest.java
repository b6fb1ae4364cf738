package medsora.denoiser;

import static medsora.paper.Doubles.assertClose;
import static medsora.paper.Doubles.linear;
import static medsora.paper.Doubles.sigmoid;
import static medsora.paper.Doubles.slice;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import medsora.config.Profiles;
import medsora.paper.Doubles;
import medsora.paper.NaiveMamba;
import nn.Mode;
import nn.Module;
import org.junit.jupiter.api.Test;

/**
 * The parts of the denoiser in profile {@code paper} against Eq. 6 to 10, written here as directly
 * as the paper writes them, in double precision.
 */
class PaperDenoiserTest {
  private static final int D = 16;
  private static final int FRAMES = 6;
  private static final int GRID = 4;
  private static final int TOKENS = GRID * GRID;
  private static final int CLIPS = 2;

  /** f = 6 frames of l = 16 tokens of width d = 16, 8 heads of 2, window w. */
  private static DenoiserConfig config(int window) {
    return new DenoiserConfig(
        4, 2 * GRID, 2, D, 1, FRAMES, 4, 8, 8, 2, 4, 256, window, Profiles.withoutDropout("paper"));
  }

  private static Tensor input(int sequences, int length) {
    return Tensor.of(Shape.of(sequences, length, D), Doubles.normal(sequences * length * D, 77));
  }

  private static double[] weight(Module module, String name) {
    return Doubles.of(module.parameters().get(name).value());
  }

  /** Eq. 6: S(i), i and j from 1; bounded by the l tokens of a frame, where the paper writes f. */
  private static List<Integer> window(int i, int w) {
    List<Integer> s = new ArrayList<>();
    for (int j = Math.max(1, i - (w / 2)); j <= Math.min(TOKENS, i + (w / 2)); j++) {
      s.add(j);
    }
    return s;
  }

  /** Eq. 7 for the tokens z[1..l] of one frame. */
  private static double[][] attention(double[][] z, LocalAttention module, int heads, int w) {
    double[] wq = weight(module, "query_matrix.weight");
    double[] wk = weight(module, "key_matrix.weight");
    double[] wv = weight(module, "value_matrix.weight");
    double[] wo = weight(module, "output_matrix.weight");
    int dk = D / heads;
    double[][] out = new double[z.length][];
    for (int i = 1; i < z.length; i++) {
      double[] concat = new double[D];
      for (int h = 0; h < heads; h++) {
        double[] q = slice(linear(wq, null, z[i]), h * dk, (h + 1) * dk);
        double sum = 0;
        double[] weighted = new double[dk];
        for (int j : window(i, w)) {
          double[] k = slice(linear(wk, null, z[j]), h * dk, (h + 1) * dk);
          double[] v = slice(linear(wv, null, z[j]), h * dk, (h + 1) * dk);
          double score = 0;
          for (int e = 0; e < dk; e++) {
            score += q[e] * k[e] / Math.sqrt(dk);
          }
          sum += Math.exp(score);
          for (int e = 0; e < dk; e++) {
            weighted[e] += Math.exp(score) * v[e];
          }
        }
        for (int e = 0; e < dk; e++) {
          concat[(h * dk) + e] = weighted[e] / sum;
        }
      }
      out[i] = linear(wo, null, concat);
    }
    return out;
  }

  @Test
  void equations6And7() {
    for (int w : new int[] {8, 5, 1, 100}) {
      LocalAttention module = new LocalAttention(config(w));
      Doubles.fill(module, 0.3);
      int frames = CLIPS * FRAMES;
      Tensor x = input(frames, TOKENS);
      double[] all = Doubles.of(x);
      double[] wanted = new double[all.length];
      for (int frame = 0; frame < frames; frame++) {
        double[][] z = new double[TOKENS + 1][];
        for (int i = 1; i <= TOKENS; i++) {
          int at = ((frame * TOKENS) + i - 1) * D;
          z[i] = slice(all, at, at + D);
        }
        double[][] y = attention(z, module, 8, w);
        for (int i = 1; i <= TOKENS; i++) {
          System.arraycopy(y[i], 0, wanted, ((frame * TOKENS) + i - 1) * D, D);
        }
      }
      assertClose(wanted, module.forward(x, Mode.EVAL), 2e-6);
    }
  }

  /** A window of 8 reaches 4 tokens to each side and no further; frames do not see each other. */
  @Test
  void theWindowReachesHalfItsSize() {
    LocalAttention module = new LocalAttention(config(8));
    Doubles.fill(module, 0.3);
    Tensor x = input(2, TOKENS);
    float[] before = module.forward(x, Mode.EVAL).toArray();
    float[] changed = x.toArray();
    changed[(7 * D) + 3] += 1;
    float[] after = module.forward(Tensor.of(x.shape(), changed), Mode.EVAL).toArray();
    for (int token = 0; token < 2 * TOKENS; token++) {
      boolean equal =
          Arrays.equals(
              Arrays.copyOfRange(before, token * D, (token + 1) * D),
              Arrays.copyOfRange(after, token * D, (token + 1) * D));
      assertEquals(Math.abs(token - 7) > 4, equal, "token " + token);
    }
  }

  /**
   * Omega of Figure 3 on n frames of m tokens: the border clockwise from the first corner, then
   * what it encloses. Places are frame * m + token.
   */
  private static int[] omega(int n, int m) {
    List<Integer> path = new ArrayList<>();
    int top = 0;
    int left = 0;
    int bottom = n - 1;
    int right = m - 1;
    while (top <= bottom && left <= right) {
      for (int c = left; c <= right; c++) {
        path.add((top * m) + c);
      }
      for (int r = top + 1; r <= bottom; r++) {
        path.add((r * m) + right);
      }
      for (int c = right - 1; c >= left && bottom > top; c--) {
        path.add((bottom * m) + c);
      }
      for (int r = bottom - 1; r > top && right > left; r--) {
        path.add((r * m) + left);
      }
      top++;
      left++;
      bottom--;
      right--;
    }
    return path.stream().mapToInt(i -> i).toArray();
  }

  @Test
  void everyStepOfTheSpiralLeadsToANeighbourInTheGrid() {
    for (int[] grid : new int[][] {{6, 8}, {6, 4}, {1, 5}, {5, 1}, {7, 3}, {8, 8}}) {
      int n = grid[0];
      int m = grid[1];
      int[] path = Spiral.path(n, m);
      assertArrayEquals(omega(n, m), path);
      for (int[] walk : new int[][] {path, Spiral.reversed(path)}) {
        for (int i = 1; i < walk.length; i++) {
          int frames = Math.abs((walk[i] / m) - (walk[i - 1] / m));
          int tokens = Math.abs((walk[i] % m) - (walk[i - 1] % m));
          assertEquals(1, frames + tokens);
        }
      }
    }
  }

  /** Eq. 8 for the sequence z_1 .. z_l': both scans, restored to the old order and summed. */
  private static double[][] spiralScan(double[][] z, int[] omega, NaiveMamba mamba) {
    int length = z.length;
    double[][] forth = new double[length][];
    double[][] back = new double[length][];
    for (int i = 0; i < length; i++) {
      forth[i] = z[omega[i]];
      back[i] = z[omega[length - 1 - i]];
    }
    double[][] bar = mamba.ssm(forth);
    double[][] hat = mamba.ssm(back);
    double[][] y = new double[length][D];
    for (int i = 0; i < length; i++) {
      for (int e = 0; e < D; e++) {
        y[omega[i]][e] += bar[i][e];
        y[omega[length - 1 - i]][e] += hat[i][e];
      }
    }
    return y;
  }

  /** Where token (frame, row, column) of a clip begins. */
  private static int at(int clip, int frame, int row, int column) {
    return ((((clip * FRAMES) + frame) * TOKENS) + (row * GRID) + column) * D;
  }

  /** Eq. 8 along the width (each row of a clip a sequence of f*w tokens) or along the height. */
  private static double[] axis(double[] x, boolean width, NaiveMamba mamba) {
    double[] y = new double[x.length];
    for (int clip = 0; clip < CLIPS; clip++) {
      for (int line = 0; line < GRID; line++) {
        int[] places = new int[FRAMES * GRID];
        for (int i = 0; i < places.length; i++) {
          int frame = i / GRID;
          int place = i % GRID;
          places[i] = width ? at(clip, frame, line, place) : at(clip, frame, place, line);
        }
        double[][] z =
            Arrays.stream(places).mapToObj(p -> slice(x, p, p + D)).toArray(double[][]::new);
        double[][] scanned = spiralScan(z, omega(FRAMES, GRID), mamba);
        for (int i = 0; i < places.length; i++) {
          System.arraycopy(scanned[i], 0, y, places[i], D);
        }
      }
    }
    return y;
  }

  /** Eq. 9, token by token. */
  private static double[] fused(double[] yw, double[] yh, Module module, String prefix) {
    double[] y = new double[yw.length];
    for (int token = 0; token < y.length; token += D) {
      double[] w = slice(yw, token, token + D);
      double[] h = slice(yh, token, token + D);
      double[] gateW =
          linear(
              weight(module, prefix + "gate_F1.weight"),
              weight(module, prefix + "gate_F1.bias"),
              w);
      double[] gateH =
          linear(
              weight(module, prefix + "gate_F2.weight"),
              weight(module, prefix + "gate_F2.bias"),
              h);
      for (int e = 0; e < D; e++) {
        y[token + e] = (sigmoid(gateW[e]) * w[e]) + (sigmoid(gateH[e]) * h[e]);
      }
    }
    return y;
  }

  @Test
  void equations8And9() {
    DenoiserConfig config = config(8);
    SpatialMamba module = new SpatialMamba(config, 3);
    Doubles.fill(module, 0.1);
    NaiveMamba mamba = new NaiveMamba(config, module.parameters());
    Tensor x = input(CLIPS, FRAMES * TOKENS);
    double[] yw = axis(Doubles.of(x), true, mamba);
    double[] yh = axis(Doubles.of(x), false, mamba);
    assertClose(fused(yw, yh, module, "gated_fusion."), module.forward(x), 1e-5);
  }

  @Test
  void equation9() {
    GatedFusion module = new GatedFusion(D);
    Doubles.fill(module, 0.3);
    Tensor yw = input(3, 7);
    Tensor yh = Tensor.of(yw.shape(), Doubles.normal(yw.size(), 78));
    assertClose(fused(Doubles.of(yw), Doubles.of(yh), module, ""), module.forward(yw, yh), 1e-6);
  }

  @Test
  void equation10() {
    DenoiserConfig config = config(8);
    TemporalMamba module = new TemporalMamba(config);
    Doubles.fill(module, 0.1);
    NaiveMamba mamba = new NaiveMamba(config, module.parameters());
    Tensor x = input(TOKENS, FRAMES);
    double[] all = Doubles.of(x);
    double[] wanted = new double[all.length];
    for (int token = 0; token < TOKENS; token++) {
      double[][] z = new double[FRAMES][];
      for (int f = 0; f < FRAMES; f++) {
        int at = ((token * FRAMES) + f) * D;
        z[f] = slice(all, at, at + D);
      }
      double[][] y = mamba.ssm(z);
      for (int f = 0; f < FRAMES; f++) {
        System.arraycopy(y[f], 0, wanted, ((token * FRAMES) + f) * D, D);
      }
    }
    assertClose(wanted, module.forward(x), 1e-5);
  }

  /** In the temporal part no frame hears of a later one, so images, being last, of none of them. */
  @Test
  void laterFramesAndImagesDoNotReachEarlierFrames() {
    TemporalMamba module = new TemporalMamba(config(8));
    Doubles.fill(module, 0.1);
    Tensor x = input(TOKENS, FRAMES);
    float[] before = module.forward(x).toArray();
    for (int changed = 0; changed < FRAMES; changed++) {
      float[] other = x.toArray();
      for (int token = 0; token < TOKENS; token++) {
        other[(((token * FRAMES) + changed) * D) + 5] += 1;
      }
      float[] after = module.forward(Tensor.of(x.shape(), other)).toArray();
      for (int i = 0; i < TOKENS * FRAMES; i++) {
        float[] was = Arrays.copyOfRange(before, i * D, (i + 1) * D);
        float[] is = Arrays.copyOfRange(after, i * D, (i + 1) * D);
        if (i % FRAMES < changed) {
          assertArrayEquals(was, is, 0f);
        } else {
          assertFalse(Arrays.equals(was, is), "frame " + (i % FRAMES) + " after " + changed);
        }
      }
    }
  }

  /** What is computed once for all steps of sampling has the bits of what each step computes. */
  @Test
  void preparedStepsChangeNoBit() {
    Denoiser denoiser = new Denoiser(config(4));
    Doubles.fill(denoiser, 0.2);
    int side = 2 * GRID;
    Shape shape = Shape.of(CLIPS, FRAMES, 4, side, side);
    Tensor x = Tensor.of(shape, Doubles.normal(shape.size(), 5));
    StepRows steps = denoiser.prepare(0, 3, 500, 961, 999);
    float[] t = {961, 3};
    assertArrayEquals(
        denoiser.forward(x, t, Mode.EVAL).prediction().toArray(),
        denoiser.predict(x, t, steps).toArray());
    assertThrows(
        IllegalArgumentException.class, () -> denoiser.predict(x, new float[] {1, 3}, steps));
  }
}
