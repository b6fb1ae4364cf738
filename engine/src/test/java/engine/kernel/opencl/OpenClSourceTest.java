package engine.kernel.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Programs are whole, and what the contract fixes stands in Java alone. */
class OpenClSourceTest {
  private static final Path FOLDER = Path.of("src/main/resources/engine/kernel/opencl");

  /** 512, 4096, their squares and masks; 16 lanes have a name wherever sums are taken. */
  private static final Pattern LITERALS =
      Pattern.compile("\\b(511|512|4095|4096|262143|262144|16777216)\\b");

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(f -> f.toString().endsWith(".cl")).sorted().toList();
    }
  }

  @Test
  void noLengthOfTheContractIsALiteral() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files()) {
      Matcher literal = LITERALS.matcher(Files.readString(file));
      while (literal.find()) {
        found.add(file.getFileName() + ": " + literal.group());
      }
    }
    assertEquals(List.of(), found);
    assertFalse(
        Pattern.compile("\\b(8|15|16)\\b")
            .matcher(Files.readString(FOLDER.resolve("sums.cl")))
            .find(),
        "lanes as a literal in sums.cl");
  }

  /** Those of the elementary functions and of their derivatives, each defined once. */
  @Test
  void programsGetTheCoefficients() {
    String text = OpenClSource.of("elementwise", OpenClTile.PROCESSOR);
    assertDefined(text, "SQRT_HALF", 0x3F3504F3);
    assertDefined(text, "TWO_OVER_SQRT_PI", 0x3F906EBB);
    assertDefined(text, "INV_SQRT_2_PI", 0x3ECC422A);
  }

  private static void assertDefined(String text, String name, int bits) {
    String line = "#define %s as_float(0x%08xu)\n".formatted(name, bits);
    assertTrue(text.contains(line), line);
    assertEquals(text.indexOf("#define " + name + " "), text.lastIndexOf("#define " + name + " "));
  }

  @Test
  void programsGetTheLengths() {
    for (String program : OpenClSource.PROGRAMS) {
      String text = OpenClSource.of(program, OpenClTile.PROCESSOR);
      assertTrue(text.contains("#define SEGMENT " + NumericContract.SEGMENT + "\n"), program);
      assertTrue(text.contains("#define SUM_BLOCK " + NumericContract.SUM_BLOCK + "\n"), program);
      assertTrue(text.contains("#define SUM_LANES " + NumericContract.SUM_LANES + "\n"), program);
      assertTrue(text.contains("#define SUM_CHAIN " + NumericContract.SUM_CHAIN + "\n"), program);
    }
  }

  @Test
  void everyFileBelongsToAProgram() throws IOException {
    List<String> programs =
        OpenClSource.PROGRAMS.stream().map(p -> OpenClSource.of(p, OpenClTile.PROCESSOR)).toList();
    for (Path file : files()) {
      String text = Files.readString(file);
      assertTrue(programs.stream().anyMatch(p -> p.contains(text)), file.toString());
    }
  }
}
