package medsora.train.store;

import engine.io.RenamedTensors;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import medsora.baseline.sdvae.SdVaeNames;

/**
 * Weights wherever a program is given them: checkpoints and exports of this program, plain
 * safetensors files and the index of several, checkpoints of PyTorch in the released forms, and
 * folders of any of these. What a file is, is told by what is in it. docs/weights.md lists what is
 * read.
 */
public final class WeightsFile {
  /** Names under which weights are published, the first that is there is taken. */
  private static final List<String> PUBLISHED =
      List.of(
          "diffusion_pytorch_model.safetensors",
          "diffusion_pytorch_model.safetensors" + TensorSource.INDEX,
          "diffusion_pytorch_model.fp16.safetensors",
          "diffusion_pytorch_model.safetensors.index.fp16.json",
          "diffusion_pytorch_model.fp16.safetensors" + TensorSource.INDEX,
          "diffusion_pytorch_model.bin",
          "diffusion_pytorch_model.bin" + TensorSource.INDEX,
          "diffusion_pytorch_model.fp16.bin",
          "model.safetensors",
          "model.safetensors" + TensorSource.INDEX,
          "model.fp16.safetensors",
          "pytorch_model.bin",
          "pytorch_model.bin" + TensorSource.INDEX);

  private static final List<String> ENDINGS =
      List.of(".safetensors", ".pt", ".pth", ".ckpt", ".bin", ".pkl");

  private static final String CHECKPOINT = ".safetensors";

  private WeightsFile() {}

  /**
   * Finds the file.
   *
   * @param path a file, with {@code #PART} behind it if need be; or a folder: that of a run, of
   *     published weights, or a pipeline's whose autoencoder is in its folder {@code vae}
   * @param stage whose file in a run folder is meant; it comes before the published names
   * @throws IOException where a folder holds none of the names, and not one file of weights alone
   */
  public static Path find(Path path, String stage) throws IOException {
    if (!Files.isDirectory(path)) {
      return path;
    }
    List<String> names = names(stage);
    for (String name : names) {
      Path file = path.resolve(name);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    if (stage.equals(PlainWeights.VAE) && Files.isDirectory(path.resolve(stage))) {
      return find(path.resolve(stage), stage);
    }
    List<Path> only = weights(path);
    if (only.size() == 1) {
      return only.getFirst();
    }
    throw new IOException(
        "[weights] folder %s holds none of %s%s"
            .formatted(
                path,
                names,
                only.isEmpty()
                    ? ""
                    : "; which of its " + only.size() + " files of weights is meant?"));
  }

  private static List<String> names(String stage) {
    return Stream.concat(
            Stream.concat(
                Stream.of(stage + CHECKPOINT),
                ENDINGS.stream().filter(e -> !e.equals(CHECKPOINT)).map(e -> stage + e)),
            PUBLISHED.stream())
        .toList();
  }

  /** The files of weights in a folder that are not another stage's; of a set, the index alone. */
  private static List<Path> weights(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(Files::isRegularFile).sorted().toList();
    }
    List<Path> indices = files.stream().filter(f -> ends(f, TensorSource.INDEX)).toList();
    if (!indices.isEmpty()) {
      return indices;
    }
    List<Path> found = new ArrayList<>();
    for (Path file : files) {
      boolean stage = List.of(PlainWeights.VAE, PlainWeights.DENOISER).contains(stem(file));
      if (!stage && hasEnding(file)) {
        found.add(file);
      }
    }
    return found;
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static boolean ends(Path file, String ending) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }

  /** Whether a path ends as files of weights do, whether it is there or not. */
  public static boolean hasEnding(Path file) {
    return file.getFileName() != null
        && (ends(file, TensorSource.INDEX) || ENDINGS.stream().anyMatch(e -> ends(file, e)));
  }

  /**
   * Opens a file of weights; of plain ones the names are without the prefixes of wrappers.
   *
   * @param kind whether the averages of a checkpoint of PyTorch come first
   * @throws IOException where it cannot be read
   */
  public static TensorSource open(Path file, InitialWeights.Kind kind) throws IOException {
    TensorSource.Choice choice =
        kind == InitialWeights.Kind.EMA ? TensorSource.Choice.AVERAGED : TensorSource.Choice.RAW;
    TensorSource opened = TensorSource.open(file, choice);
    try {
      return knowsItself(opened) ? opened : SdVaeNames.translated(RenamedTensors.bare(opened));
    } catch (IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** Whether a file is a checkpoint of this program, or was exported from one. */
  public static boolean knowsItself(TensorSource file) throws IOException {
    return Checkpoint.isOne(file) || ExportedWeights.info(file) != null;
  }

  /**
   * What a file of weights is: what it says of itself, or what its names and shapes show.
   *
   * @throws IOException where it is of no network of this program, or damaged
   */
  public static Checkpoint.Info info(Path file) throws IOException {
    try (TensorSource opened = open(file, InitialWeights.Kind.EMA)) {
      return info(opened);
    }
  }

  /** The same of an open one. */
  static Checkpoint.Info info(TensorSource file) throws IOException {
    Checkpoint.Info exported = ExportedWeights.info(file);
    if (exported != null) {
      return exported;
    }
    return Checkpoint.isLike(file) ? Checkpoint.info(file) : PlainWeights.info(file);
  }
}
