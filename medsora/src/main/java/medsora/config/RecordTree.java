package medsora.config;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import medsora.diffusion.NetworkConfig;
import medsora.vae.AutoencoderConfig;

/**
 * Takes a record apart into what {@link RecordMapper} puts together: mappings, lists and plain
 * values, enums in lower case.
 */
final class RecordTree {
  private RecordTree() {}

  /**
   * Components by name, in their order, behind a kind that is not the first; without a watching
   * that is off and a recipe that is the paper's.
   */
  static Map<String, Object> of(Record value) {
    Map<String, Object> tree = new LinkedHashMap<>();
    String kind = kind(value);
    if (!kind.equals(Config.NETWORKS.first())) {
      tree.put(Kinds.KEY, kind);
    }
    for (RecordComponent c : value.getClass().getRecordComponents()) {
      try {
        Object component = c.getAccessor().invoke(value);
        if (!Watching.NEVER.equals(component) && !Recipe.PAPER.equals(component)) {
          tree.put(c.getName(), plain(component));
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("[config] " + value.getClass() + " cannot be read", e);
      }
    }
    return tree;
  }

  /** The kind of a network or an autoencoder, which others are like the first of. */
  private static String kind(Record value) {
    return switch (value) {
      case NetworkConfig n -> n.kind();
      case AutoencoderConfig a -> a.kind();
      default -> Config.NETWORKS.first();
    };
  }

  /** A component's value as a tree. */
  static Object plain(Object value) {
    return switch (value) {
      case Record r -> of(r);
      case List<?> list -> list.stream().map(RecordTree::plain).toList();
      case Enum<?> e -> e.name().toLowerCase(Locale.ROOT);
      default -> value;
    };
  }

  /** A tree or a value of one as JSON in its canonical form: one line, keys sorted, no blanks. */
  static String json(Object value) {
    return switch (value) {
      case Map<?, ?> m ->
          m.entrySet().stream()
              .map(e -> quoted(e.getKey().toString()) + ":" + json(e.getValue()))
              .sorted()
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(RecordTree::json).collect(Collectors.joining(",", "[", "]"));
      case String s -> quoted(s);
      default -> value.toString();
    };
  }

  /** A text as JSON. */
  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7F) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** The tree as YAML: mappings in lines, lists and what they hold within one line. */
  static String yaml(Map<String, Object> tree) {
    StringBuilder text = new StringBuilder();
    lines(tree, "", text);
    return text.toString();
  }

  private static void lines(Map<?, ?> tree, String indent, StringBuilder text) {
    tree.forEach((key, value) -> {
      text.append(indent).append(key).append(':');
      if (value instanceof Map<?, ?> inner) {
        text.append('\n');
        lines(inner, indent + "  ", text);
      } else {
        text.append(' ').append(inLine(value)).append('\n');
      }
    });
  }

  private static String inLine(Object value) {
    return switch (value) {
      case Map<?, ?> m ->
          String.join(
                  ", ",
                  m.entrySet().stream().map(e -> e.getKey() + ": " + inLine(e.getValue())).toList())
              .transform(s -> "{" + s + "}");
      case List<?> list ->
          String.join(", ", list.stream().map(RecordTree::inLine).toList())
              .transform(s -> "[" + s + "]");
      // A name may look like a number; in quotes it is text.
      case String s -> "\"" + s + "\"";
      default -> value.toString();
    };
  }
}
