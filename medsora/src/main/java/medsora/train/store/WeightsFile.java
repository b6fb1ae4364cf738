package medsora.train.store;

import engine.io.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which file is meant by a path to weights: the path itself, or of a folder the file in it that has
 * one of the usual names.
 */
public final class WeightsFile {
  /** Names under which weights are published. */
  private static final List<String> PUBLISHED =
      List.of(
          "diffusion_pytorch_model.safetensors",
          "diffusion_pytorch_model.safetensors" + TensorSource.INDEX,
          "model.safetensors",
          "model.safetensors" + TensorSource.INDEX);

  private WeightsFile() {}

  /**
   * Finds the file.
   *
   * @param path a safetensors file, the {@code .index.json} of several, or a folder: that of a run,
   *     or of published weights
   * @param stage whose file in a run folder is meant; it comes before the published names
   * @throws IOException where a folder holds none of the names
   */
  public static Path find(Path path, String stage) throws IOException {
    if (!Files.isDirectory(path)) {
      return path;
    }
    List<String> names =
        Stream.concat(Stream.of(stage + ".safetensors"), PUBLISHED.stream()).toList();
    return names.stream()
        .map(path::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new IOException("[weights] folder " + path + " holds none of " + names));
  }
}
