package medsora.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import medsora.vae.VaeConfig;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Any file is a configuration or refused in words that name it; nothing else happens, and soon.
 * {@code -Djqwik.tries.default=N} runs more tries than the usual 100.
 */
class ConfigFuzzTest {
  private static final int INPUTS_PER_TRY = 5;
  private static final long MOST_NANOS = 10_000_000_000L;

  private static Path file;
  private static String whole;

  @BeforeContainer
  static void writeOne() throws IOException {
    file = Files.createTempFile("fuzz", ".yaml");
    whole = Config.yaml(Config.read("tiny"));
  }

  @AfterContainer
  static void clean() throws IOException {
    Files.deleteIfExists(file);
  }

  @Property
  void flippedBitsAreRefusedOrRead(@ForAll Random random) throws IOException {
    for (int n = 0; n < INPUTS_PER_TRY; n++) {
      byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
      for (int k = random.nextInt(4); k >= 0; k--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      reads(bytes);
    }
  }

  @Property
  void splicedTextIsRefusedOrRead(@ForAll Random random, @ForAll String piece) throws IOException {
    for (int n = 0; n < INPUTS_PER_TRY; n++) {
      int from = random.nextInt(whole.length());
      int to = random.nextInt(whole.length());
      String text = whole.substring(0, from) + piece + whole.substring(to);
      reads(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** One value after another of a whole configuration becomes something that means harm. */
  @Property
  void hostileValuesAreRefusedOrRead(@ForAll Random random) throws IOException {
    for (int n = 0; n < INPUTS_PER_TRY; n++) {
      String[] lines = whole.split("\n");
      for (int k = random.nextInt(3); k >= 0; k--) {
        int i = random.nextInt(lines.length);
        String key = lines[i].split(":", 2)[0];
        lines[i] = key + ": " + hostile(random);
      }
      reads(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Property
  void arbitraryBytesAreRefusedOrRead(@ForAll byte[] bytes) throws IOException {
    reads(bytes);
  }

  @Example
  void documentsThatMeanHarmAreRefused() throws IOException {
    StringBuilder laughs = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%d: &a%d [*a%d, *a%d, *a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    refused(laughs.toString(), "anchors (&name) are not allowed");
    refused("a: *b\n", "aliases (*name) are not allowed");
    refused(
        "base: tiny\nname: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader []]\n",
        "tags (tag:yaml.org,2002:javax.script.ScriptEngineManager) are not allowed");
    refused("base: tiny\nseed: !!int '5'\n", "tags");
    refused("a:\n" + "- ".repeat(100_000), "nested more than 16 deep");
    refused("? ".repeat(100_000), "nested more than 16 deep");
    refused("{".repeat(200_000), "nested more than 16 deep");
    refused("base: tiny\nname: " + "x".repeat(200_000), "'name' wants 1 to 100 letters");
    refused("base: tiny\n" + "k".repeat(900) + ": 1", "... (900 characters)");
    refused("base: tiny\nname: ..\n", "'name' wants");
    refused("base: tiny\nseed: 9223372036854775808", "'seed' wants a whole number of -92233");
    refused("base: tiny\nseed: \u0663", "'seed' wants a whole number, got");
    refused("base: tiny\nvae: {compensationDropout: 1e300}", "a number up to 3.4");
    refused("base: tiny\nvaeTraining: {steps: -1}", "vaeTraining.steps be at least 0");
    refused("base: tiny\ndenoiser: {depth: 2147483647}", "depth be 1 to 1024, got 2147483647");
    refused("base: tiny\ndenoiser: {headDim: 0}", "headDim be 1 to");
    refused("base: tiny\nvae: {widths: [1000000000, 8, 8]}", "a width of 1 to 65536");
    refused("base: tiny\nvae: {groups: 0}", "groups of 1 to");
    refused("base: tiny\nname: a\u0000b\n", "is not YAML");
  }

  @Example
  void allThatIsWrongIsSaidAtOnce() throws IOException {
    String said =
        refusal(
            ("base: tiny\nsed: 3\ndata:\n  siz: 64\n  flip: maybe\nvae:\n  layers: many\n"
                    + "  widths: [8, x, 8, y]\ndenoiser: 7\n")
                .getBytes(StandardCharsets.UTF_8));
    String[] wanted = {
      "wrong in 7 places",
      file + ":2: unknown key 'sed'; did you mean 'seed'?",
      file + ":4: unknown key 'data.siz'; did you mean 'size'?",
      file + ":5: 'data.flip' wants true or false, got 'maybe'",
      file + ":7: 'vae.layers' wants a whole number, got 'many'",
      file + ":8: 'vae.widths[1]' wants a whole number, got 'x'",
      file + ":8: 'vae.widths[3]' wants a whole number, got 'y'",
      file + ":9: 'denoiser' wants a mapping"
    };
    for (String each : wanted) {
      assertTrue(said.contains(each), () -> "'" + each + "' is not in: " + said);
    }
    StringBuilder many = new StringBuilder("base: tiny\n");
    for (int i = 0; i < 5000; i++) {
      many.append("unknown").append(i).append(": 1\n");
    }
    String capped = refusal(many.toString().getBytes(StandardCharsets.UTF_8));
    assertTrue(capped.contains("wrong in 5000 places") && capped.endsWith("and 4960 more"), capped);
  }

  @Example
  void binaryFilesAreNamedWithLineAndByte() throws IOException {
    String said = refusal(new byte[] {'a', ':', '\n', 'b', (byte) 0xff, '\n'});
    assertTrue(said.contains(file + ":2: is not text in UTF-8 (byte 4)"), said);
  }

  private static String hostile(Random random) {
    String[] values = {
      "",
      "null",
      "~",
      "NaN",
      ".nan",
      ".inf",
      "Infinity",
      "-1",
      "0",
      "-0",
      "1e400",
      "1e38",
      "1e39",
      "-1e-300",
      "2147483647",
      "2147483648",
      "-2147483648",
      "9223372036854775807",
      "9223372036854775808",
      "0x10",
      "0b1",
      "1_000",
      "'5'",
      "true",
      "maybe",
      "[]",
      "[1]",
      "{}",
      "[[[[]]]]",
      "{a: {b: {c: 1}}}",
      "!!java.lang.ProcessBuilder [ls]",
      "&a 1",
      "*a",
      "|\n  text",
      "\"\\u0000\"",
      "../../etc/passwd",
      "\t",
      "%",
      "@",
      "`",
      "3.5",
      "x".repeat(1000),
      "[8, 8, 8]",
      "[65536, 65536, 65536]",
      "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]",
      "[-8, 8, 8]",
      "[NaN, 1, 1]"
    };
    return values[random.nextInt(values.length)];
  }

  private static void refused(String yaml, String wanted) throws IOException {
    String said = refusal(yaml.getBytes(StandardCharsets.UTF_8));
    assertTrue(said.contains(wanted), () -> "'" + wanted + "' is not in: " + said);
  }

  private static String refusal(byte[] bytes) throws IOException {
    String said = said(bytes);
    assertTrue(said != null, "was read");
    return said;
  }

  private static void reads(byte[] bytes) throws IOException {
    said(bytes);
  }

  /** What is said against a file, or null where it was read. */
  private static String said(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    long start = System.nanoTime();
    String said = null;
    try {
      TrainConfig read = Config.read(file.toString());
      assertTrue(VaeConfig.of(read.vae()).layers() > 0);
    } catch (ConfigException e) {
      String text = e.getMessage();
      assertTrue(text.startsWith("[config] ") && text.contains(file.toString()), text);
      assertTrue(text.length() < 30_000, () -> "a message of " + text.length());
      said = text;
    }
    assertTrue(System.nanoTime() - start < MOST_NANOS, "too slow");
    return said;
  }
}
