package medsora.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads single values of YAML as what components of records are: enums, numbers, flags, text. */
final class Scalars {
  private Scalars() {}

  /**
   * The value as a type.
   *
   * @param path of the key, for messages
   * @throws ConfigException saying what is wanted
   */
  static Object read(String path, Class<?> type, Yaml.Scalar value) {
    return type.isEnum() ? constant(path, type, value) : scalar(path, type, value);
  }

  private static Object constant(String path, Class<?> type, Yaml.Scalar value) {
    List<String> names = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      String name = ((Enum<?>) constant).name();
      if (name.equalsIgnoreCase(value.text().replace('-', '_'))) {
        return constant;
      }
      names.add(name.toLowerCase(Locale.ROOT));
    }
    throw new ConfigException(
        value.place(),
        "'%s' wants one of %s, got %s%s"
            .formatted(
                path, String.join(", ", names), value.kind(), Nearest.hint(value.text(), names)));
  }

  private static Object scalar(String path, Class<?> type, Yaml.Scalar value) {
    if (type == String.class) {
      return value.text();
    }
    if (type == boolean.class) {
      return switch (value.text()) {
        case "true" -> true;
        case "false" -> false;
        default -> throw ConfigException.wrong(path, value, describe(type));
      };
    }
    if (value.quoted()) {
      throw ConfigException.wrong(path, value, describe(type) + " without quotes");
    }
    if (type == int.class || type == long.class) {
      return whole(path, type, value);
    }
    double real = real(path, value);
    if (type == float.class) {
      if (Float.isInfinite((float) real)) {
        throw ConfigException.wrong(path, value, "a number up to " + Float.MAX_VALUE);
      }
      return (float) real;
    }
    if (type == double.class) {
      return real;
    }
    throw new IllegalStateException("[config] '" + path + "': no rule reads a " + type);
  }

  private static Object whole(String path, Class<?> type, Yaml.Scalar value) {
    // Java's own parser also takes digits of other scripts.
    if (!value.text().matches("[-+]?[0-9]+")) {
      throw ConfigException.wrong(path, value, describe(type));
    }
    try {
      return type == int.class
          ? (Object) Integer.parseInt(value.text())
          : (Object) Long.parseLong(value.text());
    } catch (NumberFormatException e) {
      String bounds =
          type == int.class
              ? Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
              : Long.MIN_VALUE + " to " + Long.MAX_VALUE;
      throw ConfigException.wrong(path, value, describe(type) + " of " + bounds);
    }
  }

  /** A finite number as YAML writes it. */
  static double real(String path, Yaml.Scalar value) {
    try {
      double v = Double.parseDouble(value.text());
      // Double.parseDouble reads more than YAML writes: 1f, 0x1p3, NaN, Infinity.
      if (value.text().matches("[-+0-9.eE]+") && Double.isFinite(v)) {
        return v;
      }
    } catch (NumberFormatException e) {
      // The message below says what is wanted.
    }
    throw ConfigException.wrong(path, value, describe(double.class));
  }

  /** What a message says is wanted. */
  static String describe(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + String.join(
              ", ",
              Arrays.stream(type.getEnumConstants())
                  .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT))
                  .toList());
    }
    return switch (type.getSimpleName()) {
      case "int", "long" -> "a whole number";
      case "float", "double" -> "a number";
      case "boolean" -> "true or false";
      case "List" -> "a list";
      default -> "text";
    };
  }
}
