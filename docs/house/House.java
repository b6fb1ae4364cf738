import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Measures a checkout, or two side by side: {@code java docs/house/House.java BEFORE [AFTER]}. Only
 * main code is counted. Hops are met at work, so that they want a build of each checkout, and are
 * left open without one. With {@code --shapes} before one checkout it prints the public methods
 * that do not say the shapes of their tensors, with {@code --parameters} the methods outside the
 * inner loops of kernels that take more than eight, with {@code --nulls} what may be null by its
 * comment and is not marked so; it ends with 1 if there are any.
 */
final class House {
  private static final int LONG_FILE = 300;
  private static final int MANY_PARAMETERS = 8;

  /** Where inner loops live, which take many parameters for the sake of speed. */
  private static final Set<String> INNER_LOOPS =
      Set.of("engine.kernel.scalar", "engine.kernel.simd");

  private final Sources sources;
  private final List<Methods.Method> methods = new ArrayList<>();
  private final List<Methods.Type> types = new ArrayList<>();

  private House(Path root) throws IOException {
    this.sources = Sources.of(root);
    for (Sources.Unit unit : sources.units()) {
      Methods found = Methods.of(unit);
      methods.addAll(found.methods);
      types.addAll(found.types);
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 2 && args[0].equals("--shapes")) {
      System.exit(new House(Path.of(args[1])).printWithoutShapes() ? 1 : 0);
    }
    if (args.length == 2 && args[0].equals("--parameters")) {
      System.exit(new House(Path.of(args[1])).printManyParameters() ? 1 : 0);
    }
    if (args.length == 2 && args[0].equals("--nulls")) {
      System.exit(new House(Path.of(args[1])).printUnmarkedNulls() ? 1 : 0);
    }
    if (args.length < 1 || args.length > 2) {
      System.err.println(
          "usage: java docs/house/House.java [--shapes|--parameters|--nulls] CHECKOUT [CHECKOUT]");
      System.exit(2);
    }
    List<Map<String, String>> columns = new ArrayList<>();
    for (String root : args) {
      columns.add(new House(Path.of(root)).rows());
    }
    print(columns);
  }

  private boolean printWithoutShapes() {
    List<Methods.Method> all = Shapes.tensorMethods(methods);
    List<Methods.Method> without = all.stream().filter(m -> !Shapes.areSaid(m)).toList();
    for (Methods.Method m : without) {
      System.out.println(
          m.unit().packageName() + "." + m.label() + "(" + String.join(", ", m.parameters()) + ")");
    }
    System.out.println(without.size() + " of " + all.size() + " do not say their shapes");
    return !without.isEmpty();
  }

  private boolean printUnmarkedNulls() {
    List<String> unmarked = Nulls.unmarked(sources);
    unmarked.forEach(System.out::println);
    System.out.println(unmarked.size() + " may be null and are not marked @Nullable");
    return !unmarked.isEmpty();
  }

  private boolean printManyParameters() {
    List<Methods.Method> many =
        manyParameters().stream()
            .filter(m -> !INNER_LOOPS.contains(m.unit().packageName()))
            .toList();
    for (Methods.Method m : many) {
      System.out.println(
          "%s.%s takes %d".formatted(m.unit().packageName(), m.label(), m.parameters().size()));
    }
    System.out.println(
        many.size() + " outside inner loops take more than " + MANY_PARAMETERS + " parameters");
    return !many.isEmpty();
  }

  private List<Methods.Method> manyParameters() {
    return methods.stream()
        .filter(m -> !m.isRecord() && m.parameters().size() > MANY_PARAMETERS)
        .toList();
  }

  private String byPackage() {
    List<Methods.Method> many = manyParameters();
    String parts =
        many.stream()
            .collect(groupingBy(m -> m.unit().packageName(), TreeMap::new, counting()))
            .entrySet()
            .stream()
            .map(e -> e.getValue() + " in " + e.getKey())
            .collect(Collectors.joining(", "));
    return many.isEmpty() ? "0" : many.size() + ": " + parts;
  }

  private Map<String, String> rows() throws IOException, InterruptedException {
    Map<String, String> rows = new LinkedHashMap<>();
    rows.putAll(new Ways(sources, methods).rows());
    List<Integer> files =
        sources.units().stream().filter(u -> !u.isInfo()).map(u -> u.lines().size()).toList();
    rows.put("files", "" + files.size());
    rows.put(
        "files over " + LONG_FILE + " lines",
        "" + files.stream().filter(n -> n > LONG_FILE).count());
    rows.put("lines of a file, median", "" + quantile(files, 0.5));
    rows.put("lines of a file, 90th percentile", "" + quantile(files, 0.9));
    List<Integer> lengths = methods.stream().map(Methods.Method::lines).filter(n -> n > 0).toList();
    rows.put("methods", "" + lengths.size());
    rows.put("lines of a method, median", "" + quantile(lengths, 0.5));
    rows.put("lines of a method, 90th percentile", "" + quantile(lengths, 0.9));
    rows.put("most parameters of a method", most(false));
    rows.put("methods of more than " + MANY_PARAMETERS + " parameters", byPackage());
    rows.put("most components of a record", most(true));
    for (String module : Sources.MODULES) {
      rows.put("public types of " + module, publicTypes(module));
    }
    List<Methods.Method> forwarding = methods.stream().filter(Methods.Method::forwards).toList();
    rows.put("lines of forwarding", "" + forwarding.stream().mapToInt(Methods.Method::lines).sum());
    rows.put(
        "  of these in engine.kernel",
        ""
            + forwarding.stream()
                .filter(m -> m.unit().packageName().startsWith("engine.kernel"))
                .mapToInt(Methods.Method::lines)
                .sum());
    rows.put("lines that stand twice", "" + Twice.lines(sources.units()));
    rows.put("tensor methods that say shapes", shapes());
    return rows;
  }

  private static int quantile(List<Integer> values, double q) {
    int[] sorted = values.stream().mapToInt(Integer::intValue).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(q * sorted.length) - 1];
  }

  private String most(boolean ofRecords) {
    return methods.stream()
        .filter(m -> m.isRecord() == ofRecords)
        .max(Comparator.comparingInt(m -> m.parameters().size()))
        .map(m -> m.parameters().size() + " " + m.label())
        .orElse("-");
  }

  /** Of a module's public types also how many its module-info or package names let users see. */
  private String publicTypes(String module) throws IOException {
    List<Methods.Type> open =
        types.stream()
            .filter(t -> t.unit().module().equals(module) && t.isOpen() && t.isTop())
            .toList();
    if (open.isEmpty()) {
      return "-";
    }
    Set<String> exported = exports(module);
    long seen =
        open.stream()
            .map(t -> t.unit().packageName())
            .filter(p -> exported == null ? !p.contains(".internal") : exported.contains(p))
            .count();
    return seen == open.size() ? "" + seen : open.size() + ", " + seen + " of them exported";
  }

  /** Null without a module-info. */
  private Set<String> exports(String module) throws IOException {
    Path info = sources.root().resolve(module).resolve("src/main/java/module-info.java");
    if (!Files.exists(info)) {
      return null;
    }
    return Files.readAllLines(info).stream()
        .map(String::strip)
        .filter(line -> line.matches("exports [\\w.]+;"))
        .map(line -> line.substring("exports ".length(), line.length() - 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String shapes() {
    List<Methods.Method> all = Shapes.tensorMethods(methods);
    if (all.isEmpty()) {
      return "-";
    }
    long said = all.stream().filter(Shapes::areSaid).count();
    return "%.1f %% (%d of %d)".formatted(100.0 * said / all.size(), said, all.size());
  }

  private static void print(List<Map<String, String>> columns) {
    String[] heads = columns.size() == 1 ? new String[] {""} : new String[] {"before", "after"};
    StringBuilder text = new StringBuilder("| |");
    for (String head : heads) {
      text.append(' ').append(head).append(" |");
    }
    text.append("\n|---|").append("---|".repeat(heads.length)).append('\n');
    for (String row : columns.get(0).keySet()) {
      text.append("| ").append(row).append(" |");
      columns.forEach(column -> text.append(' ').append(column.get(row)).append(" |"));
      text.append('\n');
    }
    System.out.print(text);
  }
}
