package medsora.train;

import engine.io.Printable;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of a configuration inside a checkpoint, and back: {@code Data[size=64, sampling=PAPER,
 * flip=true]}, lists as {@code [1, 2]}. Numbers are written so that they are read back to the same
 * bits. Text values hold letters, digits and {@code . _ -} only.
 */
public final class ConfigText {
  private final String text;
  private int at;

  /** A switch that came later: text that was written before it was there means off. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.RECORD_COMPONENT)
  @interface OffIfAbsent {}

  private ConfigText(String text) {
    this.text = text;
  }

  /** Writes a record. */
  public static String of(Record value) {
    return write(value);
  }

  private static String write(Object value) {
    return switch (value) {
      case Record r -> record(r);
      case List<?> list ->
          list.stream().map(ConfigText::write).collect(Collectors.joining(", ", "[", "]"));
      case String s -> word(s);
      case Enum<?> e -> e.name();
      default -> String.valueOf(value);
    };
  }

  private static String record(Record r) {
    List<String> parts = new ArrayList<>();
    for (RecordComponent c : r.getClass().getRecordComponents()) {
      try {
        var accessor = c.getAccessor();
        accessor.setAccessible(true);
        parts.add(c.getName() + "=" + write(accessor.invoke(r)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("[config text] " + r.getClass(), e);
      }
    }
    return r.getClass().getSimpleName() + "[" + String.join(", ", parts) + "]";
  }

  private static String word(String s) {
    if (!s.matches("[\\w.-]+")) {
      throw new IllegalArgumentException(
          "[config text] '" + s + "' wants letters, digits, '.', '_' and '-' only");
    }
    return s;
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException with the position, where the text is not of that record
   */
  public static <T extends Record> T parse(Class<T> type, String text) {
    ConfigText reader = new ConfigText(text);
    T value = type.cast(reader.read(type));
    if (reader.at != text.length()) {
      throw reader.fault("the end");
    }
    return value;
  }

  /**
   * Reads the record of a type that stands somewhere in a text.
   *
   * @throws IllegalArgumentException where there is none, or it is another record of that name
   */
  public static <T extends Record> T find(Class<T> type, String text) {
    ConfigText reader = new ConfigText(text);
    int at = text.indexOf(type.getSimpleName() + "[");
    reader.at = Math.max(0, at);
    return type.cast(reader.read(type));
  }

  private Object read(Type type) {
    if (type instanceof ParameterizedType p) {
      return list(p.getActualTypeArguments()[0]);
    }
    Class<?> c = MethodType.methodType((Class<?>) type).unwrap().returnType();
    return c.isRecord() ? readRecord(c) : atom(c, token());
  }

  private List<Object> list(Type item) {
    expect("[");
    List<Object> out = new ArrayList<>();
    while (!text.startsWith("]", at)) {
      if (!out.isEmpty()) {
        expect(", ");
      }
      out.add(read(item));
    }
    expect("]");
    return List.copyOf(out);
  }

  private Object readRecord(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    expect(type.getSimpleName() + "[");
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      String name = (i == 0 ? "" : ", ") + components[i].getName() + "=";
      if (components[i].isAnnotationPresent(OffIfAbsent.class) && !text.startsWith(name, at)) {
        values[i] = false;
        continue;
      }
      expect(name);
      values[i] = read(components[i].getGenericType());
    }
    expect("]");
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException cause) {
        throw new IllegalArgumentException("[config text] " + cause.getMessage(), e);
      }
      throw new IllegalStateException("[config text] " + type, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("[config text] " + type, e);
    }
  }

  private String token() {
    int from = at;
    while (at < text.length() && ",]".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private Object atom(Class<?> type, String word) {
    try {
      if (type.isEnum()) {
        for (Object constant : type.getEnumConstants()) {
          if (((Enum<?>) constant).name().equals(word)) {
            return constant;
          }
        }
        throw fault("one of " + List.of(type.getEnumConstants()));
      }
      return switch (type.getSimpleName()) {
        case "String" -> word;
        case "int" -> Integer.parseInt(word);
        case "long" -> Long.parseLong(word);
        case "float" -> Float.parseFloat(word);
        case "double" -> Double.parseDouble(word);
        case "boolean" -> truth(word);
        default -> throw new IllegalStateException("[config text] no rule for " + type);
      };
    } catch (NumberFormatException e) {
      throw fault("a number");
    }
  }

  private boolean truth(String word) {
    if (!word.equals("true") && !word.equals("false")) {
      throw fault("true or false");
    }
    return word.equals("true");
  }

  private void expect(String literal) {
    if (!text.startsWith(literal, at)) {
      throw fault("'" + literal + "'");
    }
    at += literal.length();
  }

  private IllegalArgumentException fault(String wanted) {
    return new IllegalArgumentException(
        "[config text] wants %s at character %d: ...%s"
            .formatted(
                wanted,
                at,
                Printable.line(
                    text.substring(Math.max(0, at - 20), Math.min(text.length(), at + 40)))));
  }
}
