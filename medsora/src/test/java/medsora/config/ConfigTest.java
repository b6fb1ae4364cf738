package medsora.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.EmaArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import medsora.data.Sampling;
import medsora.denoiser.DenoiserConfig;
import medsora.vae.VaeConfig;
import nn.optim.LearningRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigTest {
  @TempDir Path folder;

  private TrainConfig read(String yaml) throws IOException {
    return Config.read(file(yaml));
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("mine.yaml"), yaml).toString();
  }

  private void refused(String yaml, String... wanted) throws IOException {
    String file = file(yaml);
    String said = assertThrows(ConfigException.class, () -> Config.read(file)).getMessage();
    for (String part : wanted) {
      assertTrue(said.contains(part), () -> "'" + part + "' is not in: " + said);
    }
  }

  @Test
  void everyBuiltInConfigurationIsWhole() throws IOException {
    for (String name : Config.BUILT_IN) {
      assertEquals(name, Config.read(name).name());
    }
  }

  @Test
  void thePaperSizesAreThoseOfThePaper() throws IOException {
    Map<String, Integer> depths = Map.of("medsora-s", 6, "medsora-b", 12, "medsora-l", 24);
    for (Map.Entry<String, Integer> e : depths.entrySet()) {
      TrainConfig config = Config.read(e.getKey());
      DenoiserConfig.Switches s = DenoiserConfig.of(config.denoiser()).switches();
      assertEquals(
          new DenoiserConfig(16, 16, 2, 512, e.getValue(), 6, 4, 128, 64, 2, 4, 256, 8, s),
          config.denoiser(),
          e.getKey());
      assertEquals(
          new VaeConfig(List.of(128, 256, 256, 512), 3, 16, 32, VaeConfig.Compensation.PAPER, 0.2f),
          config.vae());
    }
  }

  @Test
  void aProfileSetsEverySwitch() throws IOException {
    TrainConfig paper = read("base: medsora-s");
    // Table 1 names a dropout of 0.1, which is no difference to the released code.
    assertEquals(
        new DenoiserConfig.Switches(8, true, false, 0.1f, true, false),
        DenoiserConfig.of(paper.denoiser()).switches());
    assertEquals(Sampling.PAPER, paper.data().sampling());

    TrainConfig reference = Config.read("medsora-s", Map.of("profile", "reference"));
    assertEquals(
        new DenoiserConfig.Switches(1, false, true, 0.1f, false, true),
        DenoiserConfig.of(reference.denoiser()).switches());
    assertEquals(VaeConfig.Compensation.RELEASED, VaeConfig.of(reference.vae()).compensation());
    assertEquals(Sampling.REFERENCE, reference.data().sampling());
    assertEquals(LearningRate.constant(1e-4), reference.denoiserTraining().learningRate());
  }

  @Test
  void singleSwitchesOverrideTheProfile() throws IOException {
    TrainConfig config =
        read("base: tiny\nprofile: Reference\ndenoiser: {switches: {rotary: false, heads: 4}}");
    assertEquals(4, DenoiserConfig.of(config.denoiser()).switches().heads());
    assertEquals(false, DenoiserConfig.of(config.denoiser()).switches().rotary());
    assertEquals(true, DenoiserConfig.of(config.denoiser()).switches().learnedVariance());
    assertEquals("mine", config.name());
  }

  @Test
  void changesByPathTakePrecedence() throws IOException {
    TrainConfig config =
        Config.read(
            "tiny", Map.of("seed", "9", "vae.widths", "[4, 8, 8, 12]", "denoiser.depth", "3"));
    assertEquals(9, config.seed());
    assertEquals(List.of(4, 8, 8, 12), VaeConfig.of(config.vae()).widths());
    assertEquals(3, DenoiserConfig.of(config.denoiser()).depth());
    ConfigException e =
        assertThrows(
            ConfigException.class, () -> Config.read("tiny", Map.of("denoiser.dept", "3")));
    assertTrue(e.getMessage().contains("'denoiser.depth'") || e.getMessage().contains("'depth'"));
  }

  @Test
  void aConfigurationSurvivesItsYamlAndItsJson() throws IOException {
    for (String name : Config.BUILT_IN) {
      survives(Config.read(name, Map.of("seed", "-7")));
    }
    survives(Config.read("medsora-b", Map.of("profile", "reference")));
    TrainConfig odd = Config.read("tiny", Map.of("name", "1e3", "data.heldOut", "1e-7"));
    assertEquals(odd, read(Config.yaml(odd)));
    Config.write(folder, odd);
    assertEquals(odd, Config.read(folder.resolve("config.yaml").toString()));
  }

  private void survives(TrainConfig config) throws IOException {
    assertEquals(config, read(Config.yaml(config)));
    String json = ConfigTree.json(config);
    assertEquals(config, read(json));
  }

  @Test
  void aMissingFileIsNotTakenForAName() {
    for (String path : List.of("nofile.yaml", "some/tiny", "x.yml", "/x/config.json")) {
      String said = assertThrows(ConfigException.class, () -> Config.read(path)).getMessage();
      assertTrue(said.contains(path + ": no such file"), said);
    }
    String said =
        assertThrows(ConfigException.class, () -> Config.read(folder.toString())).getMessage();
    assertTrue(said.contains("is a folder"), said);
  }

  @Test
  void unknownKeysNameTheNearest() throws IOException {
    refused(
        "base: tiny\ndenoiser:\n  hiden: 64\n",
        "mine.yaml:3",
        "unknown key 'denoiser.hiden'",
        "did you mean 'hidden'?");
    refused("base: tiny\ndeniser: {depth: 1}", "'deniser'", "did you mean 'denoiser'?");
    refused("base: tinny", "mine.yaml:1", "did you mean 'tiny'?");
    refused("base: tiny\nprofile: papper", "mine.yaml:2", "did you mean 'paper'?");
  }

  /** A guess that is far off sends people the wrong way. */
  @Test
  void unknownKeysThatAreLikeNoneAreToldAll() throws IOException {
    refused(
        "base: tiny\nstopping: {banana: 1}",
        "unknown key 'stopping.banana'; choose from every, patience, draws");
    refused("base: tiny\nstopping: {evrey: 1}", "did you mean 'every'?");
    refused("base: tiny\ndata: {sampling: banana}", "wants one of paper, reference, got 'banana'");
    assertEquals("", Nearest.hint("banana", List.of("paper", "reference")));
    assertEquals("", Nearest.hint("x".repeat(65), List.of("x".repeat(65))));
    assertEquals("; did you mean 'ab'?", Nearest.hint("axyb", List.of("ab")));
    assertEquals("", Nearest.hint("axyzb", List.of("ab")));
  }

  @Test
  void wrongTypesNameKeyLineAndType() throws IOException {
    refused(
        "base: tiny\ndata:\n  flip: maybe\n",
        "mine.yaml:3",
        "'data.flip'",
        "true or false, got 'maybe'");
    refused("base: tiny\ndata:\n  size: 32.5\n", "'data.size' wants a whole number, got '32.5'");
    refused("base: tiny\ndata:\n  size: '32'\n", "without quotes");
    refused("base: tiny\ndata: {heldOut: NaN}", "'data.heldOut' wants a number, got 'NaN'");
    refused("base: tiny\nvae: {widths: 8}", "'vae.widths' wants a list");
    refused("base: tiny\nvae: {widths: [8, x]}", "'vae.widths[1]' wants a whole number");
    refused("base: tiny\nvae: 8", "'vae' wants a mapping with");
    refused(
        "base: tiny\ndata: {sampling: papr}",
        "wants one of paper, reference",
        "did you mean 'paper'?");
    refused(
        "base: tiny\nvaeTraining: {learningRate: fast}",
        "'vaeTraining.learningRate' wants a number");
  }

  @Test
  void missingKeysNameTypeAndPath() throws IOException {
    refused("vae: {layers: 1}", "key 'data.size' is missing; it wants a whole number");
    refused(
        "base: tiny\nvaeTraining: {learningRate: {phases: [{from: 0, length: 1, start: 1}]}}",
        "key 'vaeTraining.learningRate.phases[0].end' is missing");
  }

  @Test
  void namesArePlain() throws IOException {
    refused("base: tiny\nname: my model", "'name' wants 1 to 100 letters");
    Path odd = Files.writeString(folder.resolve("my model (2).yaml"), "base: tiny");
    assertEquals("my_model__2_", Config.read(odd.toString()).name());
  }

  @Test
  void theRecordsOwnChecksNameTheFile() throws IOException {
    refused("base: tiny\ndata: {size: 40}", "mine.yaml", "data.size be 8 times");
    refused("base: tiny\nvae: {groups: 3}", "mine.yaml:2", "multiples of groups");
  }

  @Test
  void theTreeHasAVersion() throws IOException {
    assertEquals(read("base: tiny"), read("version: 3\nbase: tiny"));
    refused(
        "version: 4\nbase: tiny",
        "mine.yaml:1",
        "'version' wants 2 or 3, got '4': what a newer program wrote");
    refused("version: 1\nbase: tiny", "mine.yaml:1", "'version' wants 2 or 3, got '1'");
    refused("version: [2]\nbase: tiny", "'version' wants 2 or 3, got a list");
    assertTrue(Config.yaml(read("base: tiny")).startsWith("version: 3\n"));
  }

  @Test
  void aTreeOfVersion2HasTheAveragesOfItsTime() throws IOException {
    TrainConfig today = read("base: tiny");
    assertEquals(EmaArgs.Form.INCREMENTAL, today.vaeTraining().emaForm());
    assertEquals(EmaArgs.Form.INCREMENTAL, today.denoiserTraining().emaForm());
    TrainConfig then = read("version: 2\nbase: tiny");
    assertEquals(EmaArgs.Form.WEIGHTED, then.vaeTraining().emaForm());
    assertEquals(EmaArgs.Form.WEIGHTED, then.denoiserTraining().emaForm());
    TrainConfig named = read("version: 2\nbase: tiny\ndenoiserTraining: {emaForm: incremental}");
    assertEquals(EmaArgs.Form.WEIGHTED, named.vaeTraining().emaForm());
    assertEquals(EmaArgs.Form.INCREMENTAL, named.denoiserTraining().emaForm());
    assertEquals(
        today, read("version: 3\n" + Config.yaml(today).substring("version: 3\n".length())));
  }

  @Test
  void theCanonicalFormIsOneLineOfSortedKeys() {
    TrainConfig tiny = Config.builtin("tiny");
    String json = ConfigTree.json(tiny);
    assertTrue(
        json.startsWith("{\"alignment\":{\"activations\":\"spatial\",\"alpha\":0.01,"), json);
    assertTrue(json.contains("\"kl\":1.0E-6,"), json);
    assertTrue(json.endsWith(",\"version\":3}"), json);
    assertTrue(json.lines().count() == 1 && !json.contains(" "), json);
    ConfigTree read = ConfigTree.read("x", json, TrainConfig.class);
    assertEquals(json, ConfigTree.json(read.whole(TrainConfig.class)));
    // As sha256sum has it.
    assertEquals(
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        ConfigTree.sha256("{}"));
  }

  @Test
  void whatAFileLacksHasItsDefault() {
    String file =
        "{\"profile\":\"reference\",\"vaeTraining\":{\"frames\":8},\"seed\":3,\"version\":2}";
    ConfigTree tree = ConfigTree.read("old", file, TrainConfig.class);
    TrainConfig.VaeTraining t = tree.part("vaeTraining", TrainConfig.VaeTraining.class);
    assertEquals(8, t.frames());
    assertEquals(0.01, t.focal());
    assertEquals(0.1, tree.part("alignment.alpha", double.class));
    assertEquals(List.of("version", "seed", "vaeTraining"), List.copyOf(tree.plain().keySet()));
    Exception e = assertThrows(ConfigException.class, () -> tree.part("vae", VaeConfig.class));
    assertTrue(e.getMessage().contains("'vae.widths' is missing"), e.getMessage());
    e = assertThrows(ConfigException.class, () -> tree.part("name", String.class));
    assertTrue(e.getMessage().contains("'name' is missing"), e.getMessage());
  }

  @Test
  void anEmbedderStartsFromABuiltInOne() {
    assertEquals(12, DenoiserConfig.of(Config.builtin("medsora-b").denoiser()).depth());
    assertEquals(
        0.1f,
        DenoiserConfig.of(Config.builtin("medsora-b").denoiser()).switches().attentionDropout());
    assertEquals(
        3,
        DenoiserConfig.of(Config.builtin("tiny", Map.of("denoiser.depth", "3")).denoiser())
            .depth());
    ConfigException e = assertThrows(ConfigException.class, () -> Config.builtin("medsora-xs"));
    assertTrue(e.getMessage().contains("did you mean 'medsora-s'?"), e.getMessage());
  }

  @Test
  void hostileFilesAreRefused() throws IOException {
    refused("a: &x [1]\nb: 2\n", "mine.yaml:1", "anchors");
    refused("a: [1]\nb: *x\n", "mine.yaml:2", "aliases");
    refused("a: ".concat("[".repeat(60)).concat("]".repeat(60)), "nested more than 16 deep");
    refused("a: {".repeat(20_000), "nested more than 16 deep");
    refused("a: " + "x".repeat(300_000), "larger than");
    refused("data: {size: 1, size: 2}", "mine.yaml:1");
    refused("a: b: c\n", "mine.yaml:1", "is not YAML");
    refused("", "is empty");
    refused("- 1\n", "keys and values");
    refused("? [1]\n: 2\n", "plain names as keys");
    refused("a: 1\n---\nb: 2\n", "is not YAML");
  }

  @Test
  void whatIsNoFileNamesTheBuiltInOnes() {
    ConfigException e = assertThrows(ConfigException.class, () -> Config.read("medsora-x"));
    assertTrue(
        e.getMessage()
            .contains(
                "tiny, demo, phantom-64, phantom-64-tuned, phantom-128, fine-tune-64, medsora-s"));
    assertTrue(e.getMessage().contains("did you mean 'medsora-s'?"));
  }

  @Test
  void editsAreCounted() {
    assertEquals(3, Nearest.edits("kitten", "sitting"));
    assertEquals(4, Nearest.edits("", "four"));
    assertEquals(0, Nearest.edits("same", "same"));
    assertEquals(1, Nearest.edits("vea", "vae"));
    assertEquals(3, Nearest.edits("ca", "abc"));
  }

  @Test
  void namesOfSingleNetworksSayHowToTrainThem() {
    for (String name : List.of("MedSora-XL", "vae")) {
      String said = assertThrows(ConfigException.class, () -> Config.read(name)).getMessage();
      assertTrue(said.contains("is a name for inspect alone; give --config medsora-"), said);
    }
  }
}
