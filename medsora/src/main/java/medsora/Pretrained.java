package medsora;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.train.store.InitialWeights;

/** The trained models that come with the program, in its jar. */
final class Pretrained {
  /** Their names; the first is the one that is meant where none is said. */
  static final List<String> NAMES = List.of("phantom-64");

  private Pretrained() {}

  /**
   * Loads one. The files of weights are read from a folder that is made for that and removed.
   *
   * @throws IOException where there is no such model, naming those that there are
   */
  static MedSora load(String name) throws IOException {
    if (!NAMES.contains(name)) {
      throw new IOException(
          "[medsora] no model '%s' comes with the program; there %s %s"
              .formatted(name, NAMES.size() == 1 ? "is" : "are", String.join(", ", NAMES)));
    }
    Path folder = Files.createTempDirectory("medsora");
    List<Path> files =
        List.of(
            folder.resolve(VaeObjective.NAME + ".safetensors"),
            folder.resolve(DenoiserObjective.NAME + ".safetensors"));
    try {
      for (Path file : files) {
        unpack("model/" + name + "/" + file.getFileName(), file);
      }
      return MedSora.load(folder, InitialWeights.Kind.EMA);
    } finally {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.delete(folder);
    }
  }

  private static void unpack(String resource, Path file) throws IOException {
    try (InputStream in = Pretrained.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("[medsora] the jar lacks " + resource);
      }
      Files.copy(in, file);
    }
  }
}
