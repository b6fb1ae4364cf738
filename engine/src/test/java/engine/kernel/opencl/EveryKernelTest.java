package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import engine.kernel.AdamArgs;
import engine.kernel.AdamState;
import engine.kernel.EmaArgs;
import engine.kernel.Kernels;
import engine.op.Drawn;
import engine.op.OpCases;
import engine.op.layout.Permute;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.testing.OpCase;
import engine.testing.OpContract;
import engine.testing.OpenClBackends;
import engine.testing.SplitMix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Small cases that together run every kernel of every program, with the tile of a processor and
 * with that of a graphics card. docs/race-check.sh runs this under a simulator that sees races.
 */
class EveryKernelTest {
  private static final Path FOLDER = Path.of("src/main/resources/engine/kernel/opencl");
  private static final Pattern KERNEL = Pattern.compile("(?m)^kernel void (\\w+)\\(");
  private static final int DRAWS = 6;
  private static final int N = 70;

  @Test
  void casesRunEveryKernel() throws IOException {
    assumeFalse(OpenClBackends.ALL.isEmpty(), "no exact OpenCL device");
    OpCases.ALL.forEach((op, drawn) -> {
      for (long seed = 0; seed < DRAWS; seed++) {
        OpCase c = drawn.apply(Drawn.of(31 * seed + op.hashCode()));
        OpContract.sameBits(c, values(c, seed), seed);
      }
    });
    // No axis beside its neighbour: a copy of more than four axes.
    OpCase five = OpCases.of(new Permute(List.of(4, 2, 0, 3, 1)), Shape.of(2, 3, 2, 3, 2));
    OpContract.sameBits(five, values(five, 0), 0);
    Set<String> all = named();
    for (Kernels kernels : OpenClBackends.ALL.values()) {
      OpenClKernels device = (OpenClKernels) kernels;
      withoutOps(device);
      Set<String> missed = new TreeSet<>(all);
      missed.removeAll(device.context().kernelsRun());
      assertEquals(Set.of(), missed, device.tile().toString());
    }
  }

  private static float[][] values(OpCase c, long seed) {
    float[][] in = new float[c.shapes().size()][];
    for (int i = 0; i < in.length; i++) {
      OpCase.Range range = c.ranges().get(i);
      in[i] = new float[c.shapes().get(i).size()];
      for (int k = 0; k < in[i].length; k++) {
        double u = SplitMix.unit(seed * 131 + i, k);
        in[i][k] = (float) (range.low() + (range.high() - range.low()) * u);
      }
    }
    return in;
  }

  /** What no op asks for: optimisers, draws, the bench's loops. */
  private static void withoutOps(OpenClKernels k) {
    Storage[] s = new Storage[5];
    for (int i = 0; i < s.length; i++) {
      s[i] = k.allocate(N);
      k.copies().fill(s[i], 1f + i, N);
    }
    AdamArgs adam = new AdamArgs(0.9f, 0.1f, 0.999f, 0.001f, 0.3f, 1e-8f, 2e-3f, 0.99f, 0.5f);
    AdamState state = new AdamState(s[0], s[1], s[2], s[3]);
    for (EmaArgs.Form form : EmaArgs.Form.values()) {
      k.optimiser().adamEma(adam, state, EmaArgs.of(form, 0.9), s[4], N);
    }
    k.random().uniform(new RandomKey(1, 2, 3), s[0], N);
    k.random().normal(new RandomKey(1, 2, 3), s[1], N);
    k.elementwise().addInto(s[2], s[3], N);
    k.reduce().sumSquares(s[3], N, s[4], 0);
    OpenClPeak peak = new OpenClPeak(k);
    peak.fma();
    peak.triad(s[0], s[1], 0.5f, s[2], N);
    List.of(s).forEach(Storage::release);
    k.finish();
  }

  private static Set<String> named() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".cl")).toList()) {
        Matcher kernel = KERNEL.matcher(Files.readString(file));
        while (kernel.find()) {
          names.add(kernel.group(1));
        }
      }
    }
    return names;
  }
}
