package tools.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.inspect.PaperModel;

/** All rows, and the choice among them. */
public final class Rows {
  private Rows() {}

  /** The ceilings for a number of threads; these are always measured. */
  public static List<Row> ceilings(int threads) {
    Set<Ceiling> all = new LinkedHashSet<>();
    if (DeviceCeiling.isThere()) {
      for (Ceiling.Kind kind : Ceiling.Kind.values()) {
        all.add(new DeviceCeiling(kind));
      }
    } else {
      all.add(new MachineCeiling(Ceiling.Kind.FMA, 1));
      all.add(new MachineCeiling(Ceiling.Kind.FMA, threads));
      all.add(new MachineCeiling(Ceiling.Kind.COPY, threads));
      all.add(new MachineCeiling(Ceiling.Kind.TRIAD, threads));
    }
    return all.stream().map(c -> Row.of(c.rowName(), Row.Family.CEILING, c)).toList();
  }

  /** All rows that can be chosen, in the order of the table; a device has no single threads. */
  public static List<Row> all() {
    List<Row> all = new ArrayList<>();
    all.addAll(ProductRows.all());
    all.addAll(ConvolutionRows.all());
    all.addAll(SequenceRows.all());
    all.addAll(TokenRows.all());
    all.addAll(ModelRows.all());
    if (DeviceCeiling.isThere()) {
      all.removeIf(row -> row.threads() == 1);
    }
    return all;
  }

  /** The row of each model of Figure 6; the largest hold too much for every run. */
  public static Map<PaperModel, Row> figure6() {
    Map<PaperModel, Row> rows = new EnumMap<>(PaperModel.class);
    for (PaperModel model : PaperModel.values()) {
      rows.put(model, ModelRows.figure6(model));
    }
    return rows;
  }

  /**
   * The rows of a list whose name fits one of the patterns.
   *
   * @param rows to choose from
   * @param quick of the short list alone
   * @param globs with * for any characters and ? for one; none for all rows
   */
  public static List<Row> chosen(Collection<Row> rows, boolean quick, List<String> globs) {
    List<Pattern> patterns = globs.stream().map(Rows::pattern).toList();
    return rows.stream()
        .filter(row -> !quick || row.quick())
        .filter(row ->
            patterns.isEmpty() || patterns.stream().anyMatch(p -> p.matcher(row.name()).matches()))
        .toList();
  }

  private static Pattern pattern(String glob) {
    StringBuilder regex = new StringBuilder();
    for (char c : glob.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString());
  }

  /** The row of a name, a ceiling, one of Figure 6 or another. */
  public static Row named(String name, int threads) {
    List<Row> both = new ArrayList<>(ceilings(threads));
    both.addAll(all());
    both.addAll(figure6().values());
    return both.stream()
        .filter(row -> row.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("[bench] no row is called " + name));
  }
}
