package medsora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.tensor.HalfFloats.Format;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import medsora.config.Config;
import medsora.media.Clip;
import medsora.paper.Doubles;
import medsora.vae.CogVideoXFile;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import medsora.vae.VaeConfig.Compensation;
import nn.Outline;
import nn.Parameter;
import nn.io.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published CogVideoX weights, in every type that they are published in. */
class PretrainedTest {
  private static final VaeConfig SMALL =
      new VaeConfig(
          CogVideoXFile.WIDTHS,
          CogVideoXFile.LAYERS,
          CogVideoXFile.LATENT,
          32,
          Compensation.NONE,
          0.2f);

  @TempDir Path folder;

  private Path file(Format format, boolean stored) throws IOException {
    Path file = folder.resolve(format + (stored ? "-16" : "-32") + ".safetensors");
    CogVideoXFile.write(file, format, stored, CogVideoXFile.shapes());
    return file;
  }

  private static Clip clip() {
    return Clip.of("noise", 16, 16, 24, Doubles.normal(3 * 16 * 16 * 24, 2));
  }

  private static int[] bits(Clip clip) {
    int[] bits = new int[clip.values().length];
    for (int i = 0; i < bits.length; i++) {
      assertTrue(Float.isFinite(clip.values()[i]));
      bits[i] = Float.floatToRawIntBits(clip.values()[i]);
    }
    return bits;
  }

  /** The full-size module has the names by the same rules, which the small file is written by. */
  @Test
  void namesAreThoseOfDiffusers() {
    Vae small = Outline.of(() -> new Vae(SMALL));
    Map<String, long[]> published = CogVideoXFile.shapes();
    assertEquals(published.keySet(), Set.copyOf(small.stateDict().keySet()));
    small
        .stateDict()
        .forEach(
            (name, e) -> assertArrayEquals(published.get(name), Weights.extents(e.shape()), name));
    Vae full =
        Outline.of(
            () -> new Vae(VaeConfig.of(Config.builtin("medsora-b").vae()).with(Compensation.NONE)));
    assertEquals(215_583_907, full.parameterCount());
  }

  /** Weights that stay in 16 bits give the bits of float32 weights of the same values. */
  @Test
  void halfAtRestGivesTheSameBits() throws IOException {
    for (Format format : Format.values()) {
      Autoencoder half = Autoencoder.pretrained(file(format, true), null, null, 0);
      Autoencoder wide = Autoencoder.pretrained(file(format, false), null, null, 0);
      Autoencoder trained = Autoencoder.released(file(format, true), SMALL);
      assertEquals(SMALL, half.vae().config());
      for (Parameter p : half.vae().module().parameters().values()) {
        assertEquals(format, p.half().format());
      }
      wide.vae().module().parameters().values().forEach(p -> assertNull(p.half()));
      int[] wanted = bits(wide.reconstruct(clip()));
      assertArrayEquals(wanted, bits(half.reconstruct(clip())));
      assertArrayEquals(wanted, bits(trained.reconstruct(clip())));
      assertEquals(
          Weights.sha256(wide.vae().module().stateDict()),
          Weights.sha256(half.vae().module().stateDict()));
    }
  }

  @Test
  void halfWeightsAreNotTrained() throws IOException {
    Vae vae = (Vae) Autoencoder.pretrained(file(Format.BFLOAT16, true), null, null, 0).vae();
    assertTrue(vae.trainable().isEmpty());
    String text =
        assertThrows(IllegalStateException.class, () -> vae.setTrainable(true)).getMessage();
    assertTrue(text.contains("16 bits") && text.contains("float32"), text);
    assertThrows(IllegalStateException.class, () -> vae.initialize(1));
  }

  /** {@code none} as it is; {@code zero} and {@code paper} compute the same before training. */
  @Test
  void compensationThatTheFileLacksStartsFresh() throws IOException {
    Path file = file(Format.FLOAT16, true);
    int[] plain = bits(Autoencoder.pretrained(file, SMALL, null, 0).reconstruct(clip()));
    for (Compensation kind : Compensation.values()) {
      Autoencoder grown = Autoencoder.pretrained(file, SMALL, kind, 7);
      assertEquals(kind, VaeConfig.of(grown.vae().config()).compensation());
      grown
          .vae()
          .module()
          .stateDict()
          .forEach((name, e) -> assertNotNull(e.value().toArray(), name));
      boolean same = java.util.Arrays.equals(plain, bits(grown.reconstruct(clip())));
      boolean plainAtFirst = kind != Compensation.RELEASED && kind != Compensation.COSINE;
      assertEquals(plainAtFirst, same, kind.toString());
    }
  }

  @Test
  void allElseThatIsMissingOrUnexpectedIsListedAtOnce() throws IOException {
    Map<String, long[]> shapes = new LinkedHashMap<>(CogVideoXFile.shapes());
    shapes.remove("encoder.norm_out.bias");
    shapes.remove("decoder.conv_out.conv.weight");
    shapes.put("decoder.stranger.weight", new long[] {2});
    shapes.put("encoder.conv_in.conv.bias", new long[] {31});
    Path file = folder.resolve("odd.safetensors");
    CogVideoXFile.write(file, Format.FLOAT16, true, shapes);
    for (Compensation kind : List.of(Compensation.NONE, Compensation.ZERO)) {
      String text =
          assertThrows(IOException.class, () -> Autoencoder.pretrained(file, SMALL, kind, 0))
              .getMessage();
      assertTrue(text.contains("missing encoder.norm_out.bias [64]"), text);
      assertTrue(text.contains("missing decoder.conv_out.conv.weight"), text);
      assertTrue(text.contains("unexpected decoder.stranger.weight"), text);
      assertTrue(text.contains("encoder.conv_in.conv.bias: the model wants [32]"), text);
      assertFalse(text.contains("compensation"), text);
    }
    // Unasked, nothing may be missing.
    Path plain = file(Format.FLOAT16, true);
    VaeConfig zero = SMALL.with(Compensation.ZERO);
    String text =
        assertThrows(IOException.class, () -> Autoencoder.pretrained(plain, zero, null, 0))
            .getMessage();
    assertTrue(text.contains("missing encoder.frequency_compensation.0.weight"), text);
  }

  /** The folder of a published autoencoder, in one file or in several with an index. */
  @Test
  void foldersAndShards() throws IOException {
    Path whole = file(Format.BFLOAT16, true);
    Path one = Files.createDirectories(folder.resolve("one"));
    Files.copy(whole, one.resolve("diffusion_pytorch_model.safetensors"));
    Path many = Files.createDirectories(folder.resolve("many"));
    StringBuilder map = new StringBuilder();
    try (SafeTensors all = SafeTensors.open(whole)) {
      SafeTensorsWriter[] parts = {new SafeTensorsWriter(), new SafeTensorsWriter()};
      int i = 0;
      for (String name : all.names()) {
        parts[i % 2].halves(name, all.shape(name), all.halves(name));
        map.append(i == 0 ? "" : ",").append("\"%s\":\"%s\"".formatted(name, shard(i++ % 2)));
      }
      parts[0].write(many.resolve(shard(0)));
      parts[1].write(many.resolve(shard(1)));
    }
    Files.writeString(
        many.resolve("diffusion_pytorch_model.safetensors.index.json"),
        "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
    String wanted =
        Weights.sha256(Autoencoder.pretrained(whole, null, null, 0).vae().module().stateDict());
    for (Path path : List.of(one, many)) {
      assertFalse(Autoencoder.knowsItself(path));
      Vae vae = (Vae) Autoencoder.pretrained(path, null, null, 0).vae();
      assertEquals(wanted, Weights.sha256(vae.stateDict()));
    }
  }

  private static String shard(int i) {
    return "diffusion_pytorch_model-0000" + (i + 1) + "-of-00002.safetensors";
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path other = folder.resolve("other.safetensors");
    new SafeTensorsWriter().floats("a", new long[] {1}, 1).write(other);
    assertTrue(
        assertThrows(IOException.class, () -> Autoencoder.pretrained(other, null, null, 0))
            .getMessage()
            .contains("does not hold the weights of such an autoencoder"));
    assertThrows(IOException.class, () -> Autoencoder.pretrained(folder, null, null, 0));
  }

  @Test
  void randomWeightsDependOnTheirSeed() {
    Tensor a =
        Autoencoder.random(SMALL, 1).vae().module().parameters().values().iterator().next().value();
    Tensor b =
        Autoencoder.random(SMALL, 2).vae().module().parameters().values().iterator().next().value();
    assertEquals(Shape.of(32, 3, 3, 3, 3), a.shape());
    assertFalse(java.util.Arrays.equals(a.toArray(), b.toArray()));
  }
}
