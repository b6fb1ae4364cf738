package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that measures this house counts right, and finds its own rules kept in this tree. */
class HouseTest {
  private static final String HOUSE = "../docs/house/House.java";

  @TempDir Path checkout;

  private record Result(int code, String output) {}

  private static Result house(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
    command.add(HOUSE);
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  @Test
  void everyPublicTensorMethodSaysItsShapes() throws Exception {
    Result result = house("--shapes", "..");
    assertEquals(0, result.code(), result.output());
    assertTrue(result.output().matches("(?s).*0 of \\d{3} do not say their shapes\\s*"));
  }

  @Test
  void nothingOutsideAnInnerLoopTakesMoreThanEightParameters() throws Exception {
    Result result = house("--parameters", "..");
    assertEquals(0, result.code(), result.output());
  }

  @Test
  void whatMayBeNullIsMarkedSo() throws Exception {
    Result result = house("--nulls", "..");
    assertEquals(0, result.code(), result.output());
  }

  @Test
  void namesWhatMayBeNullAndIsNotMarked() throws Exception {
    write(
        """
        package nn;

        public final class Small {
          /**
           * Both.
           *
           * @param a or null
           * @param b null where there is none
           * @param c never
           * @return the name, or null without one
           */
          String both(String a, @Nullable String b, String c) {
            return a;
          }

          /** The name, or null where there is none. */
          @Nullable String marked() {
            return null;
          }
        }
        """);
    Result nulls = house("--nulls", checkout.toString());
    assertEquals(1, nulls.code());
    assertTrue(
        nulls.output().matches("(?s).*: both: a\n.*: both: result\n2 may be null and .*"),
        nulls.output());
  }

  @Test
  void namesMethodsOfManyParameters() throws Exception {
    String method = "int %s(int a, int b, int c, int d, int e, int f, int g, int h%s) {return a;}";
    write(
        "package nn; class Small { %s %s }"
            .formatted(method.formatted("eight", ""), method.formatted("nine", ", int i")));
    Result result = house("--parameters", checkout.toString());
    assertEquals(1, result.code());
    assertTrue(result.output().startsWith("nn.Small.nine takes 9\n1 outside"), result.output());
    String rows = house(checkout.toString()).output();
    assertRow(rows, "methods of more than 8 parameters", "1: 1 in nn");
  }

  @Test
  void countsTypesMethodsParametersAndForwarding() throws Exception {
    write(
        """
        package nn;

        /** Three methods, a constructor and a record. */
        public final class Small {
          /** The heading is counted, its compact constructor is not. */
          public record Pair(int a, int b) {
            public Pair {
              a = b;
            }
          }

          Small(int a, int b, int c) {
            this.hashCode();
          }

          int hands(int a, int[] b) {
            return works(a, first(b));
          }

          static int works(int a, int b) {
            int c = a;
            return c + b;
          }

          private int first(int[] b) {
            return b[0];
          }
        }
        """);
    String rows = house(checkout.toString()).output();
    assertRow(rows, "files", "1");
    assertRow(rows, "methods", "4");
    assertRow(rows, "lines of a method, median", "3");
    assertRow(rows, "most parameters of a method", "3 Small");
    assertRow(rows, "most components of a record", "2 Small.Pair");
    assertRow(rows, "public types of nn", "1");
    assertRow(rows, "public types of engine", "-");
    assertRow(rows, "lines of forwarding", "3");
    assertRow(rows, "lines that stand twice", "0");
    assertRow(rows, "hops of conv3d", "not built");
    assertRow(rows, "tensor methods that say shapes", "-");
  }

  @Test
  void findsLinesThatStandTwiceAndShapesThatAreNotSaid() throws Exception {
    String body =
        IntStream.range(0, 7)
            .mapToObj("    double value%1$d = %1$d * 2.5 + a;\n"::formatted)
            .collect(Collectors.joining());
    write(
        """
        package nn;

        import engine.tensor.Tensor;

        public final class Small {
          /** Rows of x [N, C]; not a range such as [-1, 1]. */
          public void said(Tensor x) {
        %s  }

          // These lines stand above too.
          /** In [-1, 1]. */
          public Tensor unsaid() {
        %s    return null;
          }

          /** Nobody asks for what is not public. */
          void inner(Tensor x) {}
        }
        """
            .formatted(body, body));
    String rows = house(checkout.toString()).output();
    assertRow(rows, "tensor methods that say shapes", "50.0 % (1 of 2)");
    Result shapes = house("--shapes", checkout.toString());
    assertEquals(1, shapes.code());
    assertTrue(shapes.output().startsWith("nn.Small.unsaid()\n"), shapes.output());
    String both = house(checkout.toString(), checkout.toString()).output();
    assertRow(both, "files", "1 | 1");
    assertRow(rows, "lines that stand twice", "7");
  }

  private void write(String source) throws IOException {
    Path file = checkout.resolve("nn/src/main/java/nn/Small.java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
  }

  private static void assertRow(String rows, String name, String value) {
    assertTrue(rows.contains("| " + name + " | " + value + " |\n"), name + " in\n" + rows);
  }
}
