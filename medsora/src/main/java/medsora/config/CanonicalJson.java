package medsora.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON as this program writes it: keys sorted, numbers as Java writes them, either on one line
 * without blanks, as configurations are hashed, or indented with a value a line, as manifests
 * stand. Trees are of {@link Map}, {@link List}, {@link String}, {@link Long}, {@link Double} and
 * {@link Boolean}.
 */
public final class CanonicalJson {
  private static final String INDENT = "  ";
  private static final String WHOLE = "-?(0|[1-9][0-9]{0,18})";
  private static final String REAL = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?";

  /** Digits of the longest number that is read. */
  private static final int LONGEST = 40;

  private CanonicalJson() {}

  /** A tree on one line. */
  public static String line(Object tree) {
    return RecordTree.json(tree);
  }

  /** A tree indented by two blanks a level, with a line break at its end. */
  public static String lines(Object tree) {
    StringBuilder out = new StringBuilder();
    lines(tree, "", out);
    return out.append('\n').toString();
  }

  private static void lines(Object value, String indent, StringBuilder out) {
    String inner = indent + INDENT;
    switch (value) {
      case Map<?, ?> m when !m.isEmpty() -> {
        TreeMap<String, Object> sorted = new TreeMap<>();
        m.forEach((key, v) -> sorted.put(key.toString(), v));
        String before = "{\n";
        for (Map.Entry<String, Object> e : sorted.entrySet()) {
          out.append(before).append(inner).append(RecordTree.json(e.getKey())).append(": ");
          lines(e.getValue(), inner, out);
          before = ",\n";
        }
        out.append('\n').append(indent).append('}');
      }
      case List<?> list when !list.isEmpty() -> {
        String before = "[\n";
        for (Object item : list) {
          out.append(before).append(inner);
          lines(item, inner, out);
          before = ",\n";
        }
        out.append('\n').append(indent).append(']');
      }
      default -> out.append(RecordTree.json(value));
    }
  }

  /**
   * Reads an object that nobody vouches for: in UTF-8, nested at most 16 deep, no key twice, no
   * null.
   *
   * @param file its name for messages
   * @param most bytes that are read
   * @return its keys in the order of the file
   * @throws ConfigException naming file and line, where it is none
   */
  public static Map<String, Object> read(String file, byte[] bytes, int most) {
    return map(YamlReader.read(file, bytes, most));
  }

  private static Map<String, Object> map(Yaml.Mapping mapping) {
    Map<String, Object> out = new LinkedHashMap<>();
    mapping.entries().forEach((key, value) -> out.put(key, value(value)));
    return out;
  }

  private static Object value(Yaml yaml) {
    return switch (yaml) {
      case Yaml.Mapping m -> map(m);
      case Yaml.Sequence s -> {
        List<Object> items = new ArrayList<>();
        s.items().forEach(item -> items.add(value(item)));
        yield items;
      }
      case Yaml.Scalar s -> s.quoted() ? s.text() : word(s);
    };
  }

  private static Object word(Yaml.Scalar scalar) {
    String text = scalar.text();
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    if (text.matches(WHOLE) && new BigInteger(text).bitLength() < Long.SIZE) {
      return Long.parseLong(text);
    }
    if (text.length() <= LONGEST && text.matches(REAL)) {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    }
    throw new ConfigException(
        scalar.place(), "holds " + scalar.kind() + ", which is no value of JSON that is read here");
  }
}
