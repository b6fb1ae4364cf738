package medsora.train.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import medsora.config.CanonicalJson;
import medsora.config.Config;
import medsora.config.ConfigTree;
import medsora.config.TrainConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final TrainConfig TINY = Config.builtin("tiny");

  @TempDir Path folder;

  private static String hash(char digit) {
    return String.valueOf(digit).repeat(64);
  }

  private static SortedMap<String, String> map(String key, String value) {
    return new TreeMap<>(Map.of(key, value));
  }

  private static Manifest manifest() {
    StageRecord stage =
        new StageRecord(
            Made.here(),
            ConfigTree.json(TINY),
            map("begun_from", hash('a')),
            new StageRecord.Data(DataOrigin.phantom(3), hash('b'), 2, 1),
            2,
            List.of(
                new WeightHashes(0, hash('a'), hash('a'), map("encoder", hash('c'))),
                new WeightHashes(2, hash('d'), "", new TreeMap<>())));
    DrawRecord draw =
        new DrawRecord(
            Made.here(),
            new DrawRecord.Model("../run", "", hash('e'), hash('f'), "ema", 0),
            new DrawRecord.Settings(
                Long.MIN_VALUE,
                "ddim",
                1e-7,
                250,
                0,
                0,
                6,
                new DrawRecord.Condition("lesion", 2.5, 37, "", "")),
            List.of(new DrawRecord.Drawn(4, hash('1'), map("sample-4.mp4", hash('2')))));
    EvaluationRecord evaluation =
        new EvaluationRecord(
            Made.here(),
            map("protocol", "paper"),
            map("real", hash('3')),
            "result.json",
            hash('4'));
    return Manifest.EMPTY.with("vae", stage).with(draw).with(evaluation);
  }

  private byte[] written() throws IOException {
    manifest().write(folder);
    return Files.readAllBytes(folder.resolve(Manifest.FILE));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    byte[] bytes = written();
    assertEquals(manifest(), Manifest.read(folder));
    Manifest.read(folder).write(folder);
    assertEquals(
        new String(bytes, StandardCharsets.UTF_8), Files.readString(folder.resolve(Manifest.FILE)));
    assertEquals(TINY, Manifest.read(folder).stages().get("vae").config("it"));
  }

  /** As {@code grep -v '"manifest_sha256"' manifest.json | sha256sum} does. */
  @Test
  void itsHashIsThatOfItsOtherLines() throws IOException {
    String text = new String(written(), StandardCharsets.UTF_8);
    StringBuilder others = new StringBuilder();
    text.lines()
        .filter(l -> !l.contains("\"manifest_sha256\""))
        .forEach(l -> others.append(l).append('\n'));
    assertTrue(text.contains('"' + ConfigTree.sha256(others.toString()) + '"'));
  }

  @Test
  void everyEditIsFound() throws IOException {
    byte[] bytes = written();
    Path file = folder.resolve(Manifest.FILE);
    for (int at = 0; at < bytes.length; at += 37) {
      byte[] edited = bytes.clone();
      edited[at] ^= 1;
      Files.write(file, edited);
      assertThrows(IOException.class, () -> Manifest.read(folder), "byte " + at);
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    Files.writeString(file, text.replace("\"step\": 2", "\"step\": 3"));
    IOException e = assertThrows(Manifest.EditedException.class, () -> Manifest.read(folder));
    assertTrue(e.getMessage().contains("not as it was written"), e.getMessage());
    Files.writeString(file, text + "\n");
    assertThrows(Manifest.EditedException.class, () -> Manifest.read(folder));
  }

  @Test
  void refusesWhatIsNone() throws IOException {
    Path file = folder.resolve(Manifest.FILE);
    for (String text :
        List.of(
            "",
            "[]",
            "{\"schema\":\"medsora manifest 2\",\"manifest_sha256\":\"ab\"}",
            "{\"schema\":\"medsora manifest 1\"}",
            "{\"schema\":null}",
            "{\"a\":".repeat(200),
            "{\"configuration\":3}",
            "!!java.lang.String {}")) {
      Files.writeString(file, text);
      assertThrows(IOException.class, () -> Manifest.read(folder), text);
    }
    assertThrows(IOException.class, () -> Manifest.read(folder.resolve("none")));
  }

  /** A file that is to be compared lies beside the manifest. */
  @Test
  void pathsThatLeadElsewhereAreRefused() throws IOException {
    DrawRecord draw = manifest().draws().getFirst();
    for (String name : List.of("../secret", "/etc/passwd", "..", "c:\\x", "")) {
      DrawRecord.Drawn clip = new DrawRecord.Drawn(0, hash('1'), map(name, hash('2')));
      Manifest.EMPTY
          .with(new DrawRecord(draw.made(), draw.model(), draw.settings(), List.of(clip)))
          .write(folder);
      assertThrows(IOException.class, () -> Manifest.read(folder), name);
    }
  }

  @Test
  void clipsThatReplaceOthersTakeTheirPlace() {
    DrawRecord draw = manifest().draws().getFirst();
    assertEquals(1, manifest().with(draw).draws().size());
    DrawRecord.Drawn other = new DrawRecord.Drawn(5, hash('1'), map("sample-5.mp4", hash('2')));
    DrawRecord more = new DrawRecord(draw.made(), draw.model(), draw.settings(), List.of(other));
    assertEquals(2, manifest().with(more).draws().size());
  }

  /** The demo's manifest of before, with a machine and words about the sampling. */
  @Test
  void readsTheDemosOfBefore() throws IOException {
    Map<String, Object> tree = new TreeMap<>();
    tree.put("configuration", ConfigTree.plain(TINY));
    tree.put("configuration_sha256", ConfigTree.sha256(ConfigTree.json(TINY)));
    tree.put("seed", TINY.seed());
    tree.put("data", "phantom");
    tree.put("data_sha256", hash('b'));
    tree.put("training_clips", 2);
    tree.put("held_out_clips", 1);
    tree.put("weights_sha256", Map.of("vae", hash('c'), "denoiser", hash('d')));
    tree.put("sampling", "DPM-Solver++, 20 steps");
    tree.put("numeric_contract", 4);
    tree.put("machine", Map.of("simd bits", "512"));
    Files.writeString(folder.resolve(Manifest.FILE), CanonicalJson.lines(tree));
    Manifest read = Manifest.read(folder);
    StageRecord vae = read.stages().get("vae");
    assertEquals(TINY, vae.config("it"));
    assertEquals(DataOrigin.phantom(3), vae.data().origin());
    assertEquals(4, vae.made().contract());
    assertTrue(vae.made().isOfOtherContract(Made.here()));
    assertEquals(hash('c'), vae.at(TINY.vaeTraining().steps()).orElseThrow().sha256());
    assertEquals(Optional.empty(), read.evaluation());
  }

  @Test
  void readsHashesAlone() throws IOException {
    HashLog.open(folder).put("vae", new WeightHashes(7, hash('a'), "", new TreeMap<>()));
    Config.write(folder, TINY);
    StageRecord vae = Manifest.read(folder).stages().get("vae");
    assertEquals(7, vae.step());
    assertEquals(TINY, vae.config("it"));
  }

  /** The schema in docs/ is of what is written. */
  @Test
  void keepsItsSchema() throws IOException {
    byte[] schema = Files.readAllBytes(Path.of("../docs/manifest.schema.json"));
    Map<String, Object> rules = CanonicalJson.read("schema", schema, 1 << 20);
    Map<String, Object> tree = CanonicalJson.read("manifest", written(), 1 << 20);
    check("manifest", rules, rules, tree);
    tree.put("more", 1L);
    assertThrows(AssertionError.class, () -> check("manifest", rules, rules, tree));
  }

  private static void check(String path, Map<?, ?> root, Map<?, ?> rule, Object value) {
    if (rule.get("$ref") instanceof String ref) {
      Map<?, ?> defs = (Map<?, ?>) root.get("$defs");
      check(path, root, (Map<?, ?>) defs.get(ref.substring("#/$defs/".length())), value);
      return;
    }
    if (rule.containsKey("const")) {
      assertEquals(rule.get("const"), value, path);
    }
    if (rule.get("enum") instanceof List<?> options) {
      assertTrue(options.contains(value), path + " is " + value);
    }
    if (rule.get("pattern") instanceof String pattern) {
      assertTrue(Pattern.compile(pattern).matcher((String) value).find(), path + " is " + value);
    }
    assertType(path, rule.get("type"), value);
    if (value instanceof Map<?, ?> map) {
      checkObject(path, root, rule, map);
    } else if (value instanceof List<?> list && rule.get("items") instanceof Map<?, ?> items) {
      list.forEach(item -> check(path + "[]", root, items, item));
    }
  }

  private static void assertType(String path, Object type, Object value) {
    boolean fits =
        switch (String.valueOf(type)) {
          case "object" -> value instanceof Map<?, ?>;
          case "array" -> value instanceof List<?>;
          case "string" -> value instanceof String;
          case "integer" -> value instanceof Long;
          case "number" -> value instanceof Number;
          case "boolean" -> value instanceof Boolean;
          default -> true;
        };
    assertTrue(fits, path + " is no " + type);
  }

  private static void checkObject(String path, Map<?, ?> root, Map<?, ?> rule, Map<?, ?> value) {
    if (rule.get("required") instanceof List<?> required) {
      required.forEach(key -> assertTrue(value.containsKey(key), path + " lacks " + key));
    }
    Map<?, ?> properties = rule.get("properties") instanceof Map<?, ?> p ? p : Map.of();
    value.forEach((key, inner) -> {
      if (properties.get(key) instanceof Map<?, ?> known) {
        check(path + "." + key, root, known, inner);
      } else if (rule.get("additionalProperties") instanceof Map<?, ?> more) {
        check(path + "." + key, root, more, inner);
      } else {
        assertTrue(!Boolean.FALSE.equals(rule.get("additionalProperties")), path + "." + key);
      }
    });
  }
}
