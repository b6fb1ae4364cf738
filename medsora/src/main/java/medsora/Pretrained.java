package medsora;

import engine.io.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import medsora.train.DenoiserObjective;
import medsora.train.VaeObjective;
import medsora.train.store.InitialWeights;

/**
 * The trained models that come with the program, in its jar: {@code phantom-64}, which draws clips
 * of the embedded phantom at 64x64 pixels, with a lesion or without one.
 */
public final class Pretrained {
  /** Their names; the first is the one that is meant where none is said. */
  public static final List<String> NAMES = List.of("phantom-64");

  private static final List<String> FILES =
      List.of(VaeObjective.NAME + ".safetensors", DenoiserObjective.NAME + ".safetensors");

  private Pretrained() {}

  /**
   * Loads one. Its files are read from a folder that is made for that and removed.
   *
   * @throws IOException where there is no such model, naming those that there are
   */
  static MedSora load(String name) throws IOException {
    Path folder = Files.createTempDirectory("medsora");
    try {
      unpack(name, folder);
      return MedSora.load(folder, InitialWeights.Kind.EMA);
    } finally {
      for (String file : FILES) {
        Files.deleteIfExists(folder.resolve(file));
      }
      Files.delete(folder);
    }
  }

  /**
   * Writes the weights of one, {@code vae.safetensors} and {@code denoiser.safetensors}, into a
   * folder that exists; files of these names there are replaced.
   *
   * @throws IOException where there is no such model, naming those that there are
   */
  public static void unpack(String name, Path folder) throws IOException {
    if (!NAMES.contains(name)) {
      throw new IOException(
          "[medsora] no model '%s' comes with the program; there %s %s"
              .formatted(
                  Printable.brief(name),
                  NAMES.size() == 1 ? "is" : "are",
                  String.join(", ", NAMES)));
    }
    for (String file : FILES) {
      String resource = "model/" + name + "/" + file;
      try (InputStream in = Pretrained.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("[medsora] the jar lacks " + resource);
        }
        Files.copy(in, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
