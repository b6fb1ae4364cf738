package medsora.baseline.gan;

import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import medsora.baseline.mostganv.Words;
import medsora.baseline.mostganv.WordsConfig;
import medsora.baseline.styleganv.Generator;
import medsora.baseline.styleganv.GeneratorConfig;
import nn.Outline;
import nn.io.Weights;

/**
 * A generator in a file: the snapshot that the training wrote, {@code network-snapshot-NNNNNN.pkl},
 * of which the averaged generator is taken, or its state dict in another form. Sizes are those of
 * its tensors. What no tensor tells, the attributes of the classes in the pickle, is as published:
 * values held within 256, and the distance of moments.
 */
public final class GanFile {
  /** Frames from one moment to the next in every training of the comparison. */
  public static final int DISTANCE = 16;

  private static final String TIMES = "synthesis.motion_encoder.time_encoder.";
  private static final String CONV = "synthesis.motion_encoder.conv.";
  private static final String WORDS = "synthesis.multimotionmap.";
  private static final String CONSTANT = "synthesis.b4.input.input.const";

  private final TensorSource file;

  private GanFile(TensorSource file) {
    this.file = file;
  }

  /** Whether there is such a generator in a file that can be read; what cannot be is none. */
  public static boolean isOne(Path path) {
    if (!Files.isRegularFile(TensorSource.file(path))) {
      return false;
    }
    try (TensorSource file = TensorSource.open(path)) {
      return file.contains(TIMES + "freqs");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads a generator.
   *
   * @param form how layers with words are computed; of StyleGAN-V nothing depends on it
   * @param distance frames from one moment to the next
   * @throws IOException where the file cannot be read, or its tensors are not those of a generator
   */
  public static Generator read(Path path, WordsConfig.Form form, int distance) throws IOException {
    try (TensorSource file = TensorSource.open(path)) {
      GanFile gan = new GanFile(file);
      try {
        GeneratorConfig config = gan.config(distance);
        Weights.check(file, "", Outline.of(() -> gan.made(config, form)), Weights.Reading.WHOLE);
        Generator generator = gan.made(config, form);
        Weights.load(file, "", generator);
        return generator;
      } catch (IllegalArgumentException e) {
        throw new IOException("[gan] " + path + ": " + e.getMessage());
      }
    }
  }

  private Generator made(GeneratorConfig config, WordsConfig.Form form) {
    return file.contains(WORDS + "0.weight")
        ? Words.generator(config, words(config, form))
        : new Generator(config);
  }

  /** Periods are told by buffers that are read with the weights. */
  private GeneratorConfig config(int distance) {
    GeneratorConfig.Motion published = GeneratorConfig.PUBLISHED.motion();
    GeneratorConfig.Motion motion =
        new GeneratorConfig.Motion(
            extent(CONV + "0.weight", 3, 1),
            extent(CONV + "1.weight", 3, 0),
            distance,
            extent(CONV + "0.weight", 3, 2),
            extent(TIMES + "freqs", 2, 1),
            published.shortest(),
            published.longest());
    int layers = 0;
    while (file.contains("mapping.fc" + layers + ".weight")) {
      layers++;
    }
    return new GeneratorConfig(
        extent("mapping.fc0.weight", 2, 1),
        extent("mapping.w_avg", 1, 0),
        layers,
        motion,
        channels(),
        GeneratorConfig.PUBLISHED.clamp());
  }

  private List<Integer> channels() {
    List<Integer> channels = new ArrayList<>();
    channels.add(extent(CONSTANT, 4, 1));
    for (int side = 8; file.contains(layer(side, 1) + "weight"); side *= 2) {
      channels.add(extent(layer(side, 1) + "weight", 4, 0));
    }
    return channels;
  }

  private static String layer(int side, int number) {
    return "synthesis.b" + side + ".conv" + number + ".";
  }

  private WordsConfig words(GeneratorConfig config, WordsConfig.Form form) {
    Set<Integer> sides = new HashSet<>();
    int width = 1;
    for (int side = 4; side <= config.side(); side *= 2) {
      String weight = layer(side, 1) + "hypernet.conv0.weight";
      if (file.contains(weight)) {
        sides.add(side);
        width = extent(weight, 4, 1);
      }
    }
    int rows = extent(WORDS + "1.weight", 2, 0);
    if (rows % width != 0) {
      throw new IllegalArgumentException(
          "words of width %d do not fill the %d rows of %s1.weight".formatted(width, rows, WORDS));
    }
    return new WordsConfig(rows / width, width, extent(WORDS + "0.weight", 2, 0), sides, form);
  }

  private int extent(String name, int rank, int axis) {
    if (!file.contains(name)) {
      throw new IllegalArgumentException(
          "no generator of StyleGAN-V or MoStGAN-V: it has no tensor " + name);
    }
    long[] shape = file.shape(name);
    if (shape.length != rank || shape[axis] < 1 || shape[axis] > 1 << 16) {
      throw new IllegalArgumentException(
          "no generator of StyleGAN-V or MoStGAN-V: %s has the shape %s, wanted are %d axes of 1 to 65536"
              .formatted(name, Arrays.toString(shape), rank));
    }
    return (int) shape[axis];
  }
}
