package medsora;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.kernel.EmaArgs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import medsora.config.Config;
import medsora.config.ConfigTree;
import medsora.config.Recipe;
import medsora.config.TrainConfig;
import medsora.train.Objective;
import medsora.train.TrainState;
import medsora.train.store.Checkpoint;
import medsora.train.store.Identity;
import medsora.train.store.InitialWeights;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import nn.optim.Adam;

/**
 * The words that a checkpoint says about itself may be any: it is loaded, or refused with an
 * IOException, and no model is built that the file cannot fill.
 */
class HostileCheckpointTest {
  private static final VaeConfig SIZES =
      new VaeConfig(List.of(4, 4, 4, 4), 1, 4, 2, VaeConfig.Compensation.PAPER, 0.2f);
  private static final TrainConfig TINY = Config.builtin("tiny");
  private static final String CONFIG =
      ConfigTree.json(
          new TrainConfig(
              TINY.name(),
              TINY.seed(),
              TINY.data(),
              SIZES,
              TINY.vaeTraining(),
              TINY.denoiser(),
              TINY.denoiserTraining(),
              TINY.alignment(),
              TINY.stopping(),
              TINY.perceptual(),
              TINY.watching(),
              Recipe.PAPER));

  private static Path folder;
  private static Path file;
  private static byte[] unsummed;

  @BeforeContainer
  static void writeOne() throws IOException {
    folder = Files.createTempDirectory("checkpoint");
    file = folder.resolve("vae.safetensors");
    Checkpoint.save(
        file,
        new TrainState(
            new Objective.Trained(
                new Vae(SIZES), null, Adam.Settings.DEFAULT, 0.99, EmaArgs.Form.INCREMENTAL)),
        new Checkpoint.Info(
            "vae",
            3,
            CONFIG,
            Map.of(Identity.BEGUN_FROM, "b"),
            "d",
            Map.of("latent_shift", "0.5", "latent_scale", "1.5")));
    unsummed = Files.readAllBytes(with(Map.of()));
  }

  @AfterContainer
  static void clean() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path p : files.toList()) {
        Files.delete(p);
      }
    }
    Files.delete(folder);
  }

  /** The same tensors under other words, without a checksum that could tell. */
  private static Path with(Map<String, String> words) throws IOException {
    Path other = folder.resolve("other.safetensors");
    SafeTensorsWriter writer = new SafeTensorsWriter();
    try (SafeTensors in = SafeTensors.open(file)) {
      Map<String, String> metadata = new TreeMap<>(in.metadata());
      metadata.remove("sha256");
      metadata.putAll(words);
      metadata.forEach(writer::metadata);
      for (String name : in.names()) {
        if (in.dtype(name).isInteger()) {
          writer.longs(name, in.shape(name), in.longs(name));
        } else {
          writer.floats(name, in.shape(name), in.floats(name));
        }
      }
    }
    writer.write(other);
    return other;
  }

  @Example
  void theGoodOneIsRead() throws IOException {
    Autoencoder read = Autoencoder.load(with(Map.of()), InitialWeights.Kind.EMA);
    assertTrue(read.vae().config().equals(SIZES));
  }

  @Example
  void hostileWordsAreRefusedByName() throws IOException {
    refused("step", "minus one", "its step 'minus one' is no number of steps");
    refused("step", "9".repeat(500), "(500 characters)");
    refused("format", "\u001b[2J", "its format is '\\u001b[2J'");
    refused("extra.latent_shift", "NaN", "its latents' shift 'NaN'");
    refused("extra.latent_scale", "-1", "its latents' shift '0.5' and scale '-1'");
    refused("extra.latent_scale", "x", "scale 'x'");
    refused("config", "", "is empty");
    refused("config", "seed=0, Data[size=32]", "holds no configuration");
    refused("config", "{\"vae\":", "holds no configuration");
    refused("config", "{\"a\":".repeat(5_000), "nested more than 16 deep");
    refused("config", "{\"vae\":\"" + "x".repeat(300_000) + "\"}", "is larger than");
    refused("config", CONFIG.replace("\"vae\":", "\"vea\":"), "did you mean 'vae'?");
    refused("config", CONFIG.replace("\"layers\":1", "\"layer\":1"), "did you mean 'layers'?");
    refused(
        "config",
        CONFIG.replace("\"version\":3", "\"version\":4"),
        "'version' wants 2 or 3, got '4'");
    refused("config", CONFIG.replace("\"layers\":1", "\"layers\":!!int 1"), "tags");
    refused("config", "{\"version\":3}", "its configuration does not say its vae");
    String widths = "\"widths\":[4,4,4,4]";
    assertTrue(CONFIG.contains(widths));
    refused("config", CONFIG.replace(widths, "\"widths\":[2147483646,4,4]"), "a width of 1 to");
    refused("config", CONFIG.replace("\"layers\":1", "\"layers\":2147483647"), "layers of 1 to");
    // Within the bounds, and 2^16 * 2^16 * 27 * 4 bytes a convolution: never built.
    refused(
        "config",
        CONFIG
            .replace(widths, "\"widths\":[65536,65536,65536,65536]")
            .replace("\"layers\":1", "\"layers\":256"),
        "[weights] ");
    refused("config", CONFIG.replace(widths, "\"widths\":[8,8,8,8]"), "does not fit the model in");
  }

  private static void refused(String key, String value, String wanted) throws IOException {
    Path other = with(Map.of(key, value));
    IOException e =
        assertThrows(
            IOException.class, () -> Autoencoder.load(other, InitialWeights.Kind.EMA), value);
    assertTrue(e.getMessage().contains(wanted), e.getMessage());
    assertTrue(e.getMessage().contains(other.toString()), e.getMessage());
  }

  /** Characters are replaced in place, so that the header's length stays right. */
  @Property
  void anyConfigurationIsReadOrRefused(@ForAll Random random) throws IOException {
    byte[] bytes = unsummed.clone();
    // As the header has it, its own quotes escaped.
    String written = CONFIG.replace("\"", "\\\"");
    int from = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(written);
    for (int k = random.nextInt(3); k >= 0; k--) {
      String letters = "0123456789-.,[]{}:eNx ";
      int letter = letters.charAt(random.nextInt(letters.length()));
      bytes[from + random.nextInt(written.length())] = (byte) letter;
    }
    Path other = Files.write(folder.resolve("changed.safetensors"), bytes);
    try {
      Autoencoder.load(other, InitialWeights.Kind.RAW);
    } catch (IOException e) {
      assertTrue(e.getMessage().contains(other.toString()), e.getMessage());
    }
  }
}
