package medsora.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import medsora.denoiser.DenoiserConfig;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import org.junit.jupiter.api.Test;

/** A second family of networks beside that of the paper, and what it leaves as it was. */
class KindsTest {
  /** Another family than the paper's. */
  record Pixels(int side) implements NetworkConfig {
    @Override
    public String kind() {
      return "pixels";
    }

    @Override
    public NoisePredictor.Latents latents() {
      return new NoisePredictor.Latents(6, 4, 4, side, side);
    }

    @Override
    public NoisePredictor network() {
      throw new UnsupportedOperationException();
    }
  }

  /** A root with a network below it. */
  record Root(NetworkConfig denoiser) {}

  private static final Kinds KINDS =
      new Kinds().with(DenoiserConfig.KIND, DenoiserConfig.class).with("pixels", Pixels.class);

  private static final RecordMapper MAPPER = new RecordMapper().family(NetworkConfig.class, KINDS);

  private static Yaml.Mapping yaml(String text) throws IOException {
    return YamlReader.read(
        "mine.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String refused(String text) {
    return assertThrows(ConfigException.class, () -> MAPPER.read(Root.class, yaml(text)))
        .getMessage();
  }

  @Test
  void theKeySaysWhichFamilyIsMeant() throws IOException {
    Root root = MAPPER.read(Root.class, yaml("denoiser: {kind: pixels, side: 3}"));
    assertEquals(new Root(new Pixels(3)), root);
    assertEquals(
        "{\"denoiser\":{\"kind\":\"pixels\",\"side\":3}}", RecordTree.json(RecordTree.of(root)));
    String text = RecordTree.yaml(RecordTree.of(root));
    assertEquals(root, MAPPER.read(Root.class, yaml(text)));
  }

  @Test
  void withoutTheKeyItIsTheFirst() throws IOException {
    TrainConfig tiny = Config.read("tiny");
    assertFalse(ConfigTree.json(tiny).contains("\"kind\""), ConfigTree.json(tiny));
    String own = RecordTree.yaml(Map.of("denoiser", RecordTree.plain(tiny.denoiser())));
    assertEquals(tiny.denoiser(), MAPPER.read(Root.class, yaml(own)).denoiser());
    assertEquals(tiny, Config.read("tiny", Map.of("denoiser.kind", "medsora")));
    String missing = refused("denoiser: {depth: 1}");
    assertTrue(missing.contains("'denoiser.hidden' is missing"), missing);
  }

  /**
   * The hashes of version 3 of the tree, in which the key is not written: another hash wants
   * another version.
   */
  @Test
  void theKeyDoesNotShowInTheHash() throws IOException {
    assertEquals(
        "48e7243a47b402a3c07314b4320ec96161866c9d4eb75d83255234ad5ca3aa32",
        ConfigTree.sha256(ConfigTree.json(Config.builtin("tiny"))));
    assertEquals(
        "913dc39c1227537a594f66bf4f8bc65ad34078ef42f2e2d2cc8fe86594e6f0e9",
        ConfigTree.sha256(ConfigTree.json(Config.builtin("medsora-b"))));
  }

  @Test
  void whatIsNoFamilyIsRefused() {
    assertTrue(
        refused("denoiser: {kind: pixel, side: 3}")
            .contains("'denoiser.kind' wants one of medsora, pixels, got 'pixel'"));
    assertTrue(refused("denoiser: {kind: [1], side: 3}").contains("got a list"));
    assertTrue(refused("denoiser: {kind: pixels, depth: 3}").contains("choose from side"));
    assertTrue(refused("denoiser: 3").contains("'denoiser' wants a mapping with [inChannels"));
  }

  /** Sizes of the paper's network in a base mean nothing to another. */
  @Test
  void anotherFamilyReplacesThatOfTheBase() throws IOException {
    Yaml.Mapping base = yaml("denoiser: {depth: 2, hidden: 16}");
    Yaml.Mapping same = Yaml.over(yaml("denoiser: {kind: medsora, depth: 3}"), base);
    assertEquals(3, ((Yaml.Mapping) same.required("denoiser")).entries().size());
    Yaml.Mapping other = Yaml.over(yaml("denoiser: {kind: pixels, side: 3}"), base);
    assertEquals(new Root(new Pixels(3)), MAPPER.read(Root.class, other));
    Yaml.Mapping again = Yaml.over(yaml("denoiser: {side: 5}"), other);
    assertEquals(new Root(new Pixels(5)), MAPPER.read(Root.class, again));
  }

  @Test
  void programsOfThePapersNetworkSayThatTheyWantIt() {
    String said =
        assertThrows(IllegalArgumentException.class, () -> DenoiserConfig.of(new Pixels(3)))
            .getMessage();
    assertTrue(said.endsWith("kind medsora, got kind pixels"), said);
  }
}
