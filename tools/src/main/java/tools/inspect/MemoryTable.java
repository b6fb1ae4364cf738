package tools.inspect;

import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import medsora.config.TrainConfig;
import medsora.cost.Counted;
import medsora.cost.ModelRuns;
import medsora.diffusion.NoisePredictor;
import medsora.vae.ClipAutoencoder;
import nn.Mode;
import nn.Module;
import nn.Outline;
import tools.inspect.MemoryLedger.Kind;
import tools.inspect.MemoryLedger.Peak;

/**
 * What is held when the most is held, by the module that made it: the model's own code runs on
 * shapes alone, and each allocation is counted from its beginning to its end.
 */
final class MemoryTable {
  private static final double MEGA = 1e6;
  private static final int STATES = 3;
  private static final String NOBODY = "(losses and the rest)";

  private final Module module;
  private final Peak peak;
  private final Map<Storage, String> names = new IdentityHashMap<>();
  private final boolean training;

  private MemoryTable(Module module, Peak peak, boolean training) {
    this.module = module;
    this.peak = peak;
    this.training = training;
    Map<Tensor, String> leaves = new IdentityHashMap<>();
    module.parameters().forEach((name, p) -> leaves.put(p.value(), name));
    peak.leaves().forEach((gradient, leaf) -> names.put(gradient, leaves.get(leaf)));
  }

  static MemoryTable training(Module module, Supplier<Tensor> loss) {
    return new MemoryTable(module, run(module, () -> MemoryLedger.training(loss)), true);
  }

  static MemoryTable inference(Module module, Supplier<Tensor> forward) {
    return new MemoryTable(module, run(module, () -> MemoryLedger.inference(forward)), false);
  }

  private static Peak run(Module module, Supplier<MemoryLedger> work) {
    return Counted.run(module, () -> work.get().peak());
  }

  /** Of the denoiser: a prediction, and a training step without and with recomputation. */
  static List<String> denoiser(TrainConfig config) {
    NoisePredictor d = Outline.of(config.denoiser()::network);
    List<String> lines = new ArrayList<>();
    lines.addAll(
        inference(d.module(), () -> ModelRuns.prediction(d)).lines("denoiser, a prediction"));
    for (boolean recompute : new boolean[] {false, true}) {
      d.setRecompute(recompute);
      lines.add("");
      lines.addAll(
          training(d.module(), () -> ModelRuns.loss(d))
              .lines("denoiser, a training step of one clip" + words(recompute)));
    }
    return lines;
  }

  /** Of the autoencoder: both directions, and a training step without and with recomputation. */
  static List<String> vae(TrainConfig config) {
    ClipAutoencoder vae = Outline.of(config.vae()::network);
    ModelRuns.setTrainable(vae, config);
    int size = config.data().size();
    int side = size / vae.config().spaceFactor();
    int frames = config.clipFrames();
    List<String> lines = new ArrayList<>();
    lines.addAll(
        inference(
                vae.module(),
                () -> vae.encode(Counted.tensor(1, 3, frames, size, size), Mode.EVAL).mean())
            .lines("autoencoder, encoding %d frames of %dx%d".formatted(frames, size, size)));
    lines.add("");
    lines.addAll(
        inference(
                vae.module(),
                () ->
                    vae.decode(
                        Counted.tensor(
                            1,
                            vae.config().latentChannels(),
                            frames / vae.config().timeFactor(),
                            side,
                            side),
                        Mode.EVAL))
            .lines("autoencoder, decoding %d frames of %dx%d".formatted(frames, size, size)));
    for (boolean recompute : new boolean[] {false, true}) {
      vae.setRecompute(recompute);
      lines.add("");
      lines.addAll(
          training(vae.module(), () -> ModelRuns.loss(vae, config))
              .lines(
                  "autoencoder, a training step of %d frames of %dx%d%s"
                      .formatted(config.vaeTraining().frames(), size, size, words(recompute))));
    }
    return lines;
  }

  private static String words(boolean recompute) {
    return recompute ? ", recomputation on" : ", recomputation off";
  }

  /** Weights, moments and moving averages, which are held all the time, in floats. */
  long constant() {
    long trained = module.trainable().stream().mapToLong(p -> p.shape().size()).sum();
    return MemoryLedger.weights(module) + (training ? STATES * trained : 0);
  }

  /** All that is held at the peak, in bytes. */
  long bytes() {
    return 4 * (constant() + peak.floats());
  }

  private List<String> lines(String what) {
    List<String> lines = new ArrayList<>();
    lines.add(what);
    lines.add(
        String.format(
            Locale.ROOT, "  peak %.1f MB, %s: %s", bytes() / MEGA, when(), name(peak.last())));
    lines.add(
        String.format(
            Locale.ROOT,
            "  held all the time: weights %.1f MB%s",
            4 * MemoryLedger.weights(module) / MEGA,
            training
                ? String.format(
                    Locale.ROOT,
                    ", moments and moving average %.1f MB",
                    4 * (constant() - MemoryLedger.weights(module)) / MEGA)
                : ""));
    lines.add(row("MB then alive, by the module that made it", List.of(), true));
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    byModule()
        .forEach((name, kinds) -> {
          lines.add(row(name, figures(kinds), false));
          kinds.forEach((kind, floats) -> sums.merge(kind, floats, Long::sum));
        });
    lines.add(row("sum", figures(sums), false));
    return lines;
  }

  private String when() {
    return switch (peak.phase()) {
      case FORWARD -> "in the forward pass";
      case AGAIN -> "in backward, in a part that runs again";
      case BACKWARD -> "in backward";
    };
  }

  private String name(Storage storage) {
    if (names.get(storage) != null) {
      return names.get(storage);
    }
    String writer = Counted.writer(storage);
    return writer == null || writer.isEmpty() ? NOBODY : writer;
  }

  /** Floats by module, in the order of the model, and kind. */
  private Map<String, Map<Kind, Long>> byModule() {
    Map<String, Map<Kind, Long>> all = new LinkedHashMap<>();
    module.parameters().keySet().forEach(n -> all.put(group(n), new EnumMap<>(Kind.class)));
    peak.live()
        .forEach((storage, kind) ->
            all.computeIfAbsent(group(name(storage)), n -> new EnumMap<>(Kind.class))
                .merge(kind, (long) storage.size(), Long::sum));
    all.values().removeIf(Map::isEmpty);
    return all;
  }

  /** The upper levels of a path: blocks.3, encoder.down_blocks.0, decoder.conv_in. */
  private static String group(String path) {
    String[] parts = path.split("\\.");
    int depth = parts[0].equals("encoder") || parts[0].equals("decoder") ? 2 : 1;
    boolean listed =
        parts.length > depth
            && parts[depth - 1].endsWith("s")
            && parts[depth].chars().allMatch(Character::isDigit);
    int end = Math.min(parts.length, listed ? depth + 1 : depth);
    return String.join(".", List.of(parts).subList(0, end));
  }

  private static List<Double> figures(Map<Kind, Long> kinds) {
    List<Double> figures = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      figures.add(4 * kinds.getOrDefault(kind, 0L) / MEGA);
    }
    figures.add(figures.stream().mapToDouble(f -> f).sum());
    return figures;
  }

  private static String row(String name, List<Double> figures, boolean head) {
    StringBuilder text = new StringBuilder(String.format("  %-44s", name));
    if (head) {
      for (String column : List.of("gradients", "saved", "run again", "passing", "sum")) {
        text.append(String.format("%11s", column));
      }
    }
    figures.forEach(f -> text.append(String.format(Locale.ROOT, "%11s", megabytes(f))));
    return text.toString().stripTrailing();
  }

  private static String megabytes(double value) {
    return value == 0 ? "" : String.format(Locale.ROOT, "%.1f", value);
  }
}
