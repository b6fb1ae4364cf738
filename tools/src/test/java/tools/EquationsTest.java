package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/equations.md true: it has all of the paper's equations, the classes and methods that
 * it names exist, and the doc comment of each, or of its class, cites the equation.
 */
class EquationsTest {
  private static final int EQUATIONS = 17;
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern HEADING =
      Pattern.compile("^## Eq\\. (\\d+): .+$", Pattern.MULTILINE);
  private static final Pattern PLACE = Pattern.compile("^- \\[(\\w+)(#\\w+)?]\\((\\S+\\.java)\\)$");

  /** "Eq. 3", "Eq. 6 and 7", "Eq. 1, 2 and 5", "Eq. 13 to 15". */
  private static final Pattern CITATION =
      Pattern.compile("Eq\\. (\\d+(?:, \\d+)*)(?: (and|to) (\\d+))?");

  /** The lines below each equation's heading. */
  private static Map<Integer, List<String>> sections() throws IOException {
    String page = Files.readString(DOCS.resolve("equations.md"));
    List<MatchResult> headings = HEADING.matcher(page).results().toList();
    Map<Integer, List<String>> sections = new HashMap<>();
    for (int i = 0; i < headings.size(); i++) {
      int to = i + 1 < headings.size() ? headings.get(i + 1).start() : page.length();
      int number = Integer.parseInt(headings.get(i).group(1));
      List<String> lines = page.substring(headings.get(i).end(), to).lines().toList();
      assertEquals(null, sections.put(number, lines), "Eq. " + number + " stands there once");
    }
    return sections;
  }

  @Test
  void everyEquationHasItsFormulaItsPlacesAndWhatDiffers() throws IOException {
    Map<Integer, List<String>> sections = sections();
    Set<Integer> all = new TreeSet<>(IntStream.rangeClosed(1, EQUATIONS).boxed().toList());
    assertEquals(all, new TreeSet<>(sections.keySet()));
    sections.forEach((number, lines) -> {
      String text = String.join("\n", lines);
      assertTrue(text.matches("(?s).*```\n.+?\n```.*"), "a formula for Eq. " + number);
      assertTrue(
          lines.stream().anyMatch(line -> PLACE.matcher(line).matches()),
          "a class for Eq. " + number);
      assertTrue(text.contains("\nPaper and released code: "), "what differs for Eq. " + number);
    });
  }

  @Test
  void whatIsNamedExistsAndCitesTheEquation() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<Integer, List<String>> section : sections().entrySet()) {
      for (String line : section.getValue()) {
        Matcher place = PLACE.matcher(line);
        if (place.matches()) {
          String fault = fault(section.getKey(), place);
          if (!fault.isEmpty()) {
            faults.add(line + " " + fault);
          }
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  private static String fault(int number, MatchResult place) throws IOException {
    Path file = DOCS.resolve(place.group(3));
    if (!Files.exists(file)) {
      return "is no file";
    }
    Map<String, String> docs = SourceDocs.of(file);
    String type = place.group(1);
    String member = type + (place.group(2) == null ? "" : place.group(2));
    if (!docs.containsKey(type) || !docs.containsKey(member)) {
      return "is not in that file";
    }
    return cites(docs.get(member), number) || cites(docs.get(type), number)
        ? ""
        : "does not cite Eq. " + number;
  }

  private static boolean cites(String doc, int number) {
    return CITATION
        .matcher(doc)
        .results()
        .anyMatch(m -> {
          List<Integer> named =
              new ArrayList<>(
                  Pattern.compile(", ").splitAsStream(m.group(1)).map(Integer::valueOf).toList());
          int last = named.get(named.size() - 1);
          if (m.group(2) != null) {
            int end = Integer.parseInt(m.group(3));
            if (m.group(2).equals("to") && number >= last && number <= end) {
              return true;
            }
            named.add(end);
          }
          return named.contains(number);
        });
  }
}
