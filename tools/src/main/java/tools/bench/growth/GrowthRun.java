package tools.bench.growth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.bench.harness.Launch;

/** Measures the sizes of sweeps, each in a process of its own that is ended at a limit. */
public final class GrowthRun {
  /** Of the heap: what is left for the program's own objects and for what kernels pack. */
  private static final double USABLE = 0.7;

  private final Launch launch;
  private final int threads;
  private final int limit;
  private final Consumer<String> remarks;

  /**
   * @param properties of the engine for the processes
   * @param limit seconds for a size; those after one that takes longer are left out
   * @param remarks is told what goes on
   */
  public GrowthRun(
      Map<String, String> properties, int threads, int limit, Consumer<String> remarks) {
    this.launch =
        new Launch(
            GrowthProcess.class.getName(), System.getProperty("java.class.path"), properties);
    this.threads = threads;
    this.limit = limit;
    this.remarks = remarks;
  }

  /**
   * Which sizes are measured: all others are those of S, 6 latent frames of 128x128 in 6 blocks.
   *
   * @param frames latent frames
   * @param pixels sides of the frames
   * @param depths numbers of blocks
   */
  public record Sizes(List<Integer> frames, List<Integer> pixels, List<Integer> depths) {
    public static final Sizes ALL =
        new Sizes(List.of(4, 8, 16, 32, 64), List.of(64, 128, 256, 512), List.of(3, 6, 12, 24));
    public static final Sizes QUICK =
        new Sizes(List.of(4, 8, 16), List.of(64, 128, 192), List.of(2, 4, 6));

    List<Sweep> sweeps() {
      List<Sweep> sweeps = new ArrayList<>();
      if (!frames.isEmpty()) {
        sweeps.add(Sweep.frames(sorted(frames)));
      }
      if (!pixels.isEmpty()) {
        sweeps.add(Sweep.pixels(sorted(pixels)));
      }
      if (!depths.isEmpty()) {
        sweeps.add(Sweep.depth(sorted(depths)));
      }
      return sweeps;
    }

    private static List<Integer> sorted(List<Integer> values) {
      return values.stream().distinct().sorted().toList();
    }
  }

  /** Measures; sizes that could not be are left out, with a remark. */
  public GrowthReport measure(Sizes sizes) throws IOException, InterruptedException {
    Map<Sweep, List<Measured>> all = new LinkedHashMap<>();
    long usable = (long) (USABLE * Runtime.getRuntime().maxMemory());
    for (Sweep each : sizes.sweeps()) {
      Sweep sweep = each.within(usable);
      all.put(sweep, measure(sweep));
    }
    return new GrowthReport(all);
  }

  private List<Measured> measure(Sweep sweep) throws IOException, InterruptedException {
    List<Measured> done = new ArrayList<>();
    for (Point p : sweep.points()) {
      String name =
          "%d latent frames, %dx%d pixels, depth %d"
              .formatted(p.frames(), p.pixels(), p.pixels(), p.depth());
      remarks.accept(name);
      String failure = measure(p, done);
      if (failure != null) {
        remarks.accept("not measured: " + name + " and what is larger: " + failure);
        break;
      }
    }
    return done;
  }

  /** Adds what was measured; gives the reason where nothing was, or null. */
  private String measure(Point p, List<Measured> done) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(launch.command(threads));
    command.addAll(p.words());
    command.add(Integer.toString(limit));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      // It says one line, which fits the pipe before anyone reads.
      if (!process.waitFor(limit, TimeUnit.SECONDS)) {
        return "longer than " + limit + " s (--limit)";
      }
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.exitValue() != 0 || said.isEmpty()) {
        return "its process ended with code "
            + process.exitValue()
            + "; out of memory, if the heap is small (JAVA_OPTS=-Xmx...)";
      }
      done.add(Measured.parse(p, said));
      return null;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
