package medsora.config;

import engine.io.Printable;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a YAML tree into any record: keys are the names of its components, which may be records,
 * lists, enums (upper or lower case), numbers, booleans and text. Every component must have a value
 * and every key must be a component. All faults are said at once, each with the file, the line and
 * the path of the key.
 */
final class RecordMapper {
  /** Types that may also be written as one plain value. */
  private final Map<Class<?>, BiFunction<String, Yaml.Scalar, Object>> shorthands =
      new LinkedHashMap<>();

  /** Lets a record be written as one number. */
  <T> RecordMapper numberAs(Class<T> type, Function<Double, T> make) {
    shorthands.put(type, (path, s) -> make.apply(real(s, path)));
    return this;
  }

  /**
   * Reads a whole record.
   *
   * @throws ConfigException with all that is wrong
   */
  <T> T read(Class<T> type, Yaml.Mapping source) {
    return read("", type, source);
  }

  /**
   * Reads what stands under a key.
   *
   * @param path of the key, for messages
   * @throws ConfigException with all that is wrong
   */
  @SuppressWarnings("unchecked") // Primitive types cannot cast what they are boxed in.
  <T> T read(String path, Class<T> type, Yaml source) {
    List<ConfigException> faults = new ArrayList<>();
    Object value = attempt(faults, () -> read(path, type, source, faults));
    if (value == null) {
      throw ConfigException.all(faults);
    }
    return (T) value;
  }

  /**
   * Looks at the keys of the top alone.
   *
   * @throws ConfigException with all that the record does not have
   */
  void refuseUnknown(Class<? extends Record> type, Yaml.Mapping source) {
    List<ConfigException> faults = new ArrayList<>();
    refuseUnknown("", source, names(type), faults);
    if (!faults.isEmpty()) {
      throw ConfigException.all(faults);
    }
  }

  /** A value, or null and a fault more, so that the rest is looked at too. */
  private static @Nullable Object attempt(
      List<ConfigException> faults, Supplier<@Nullable Object> reading) {
    try {
      return reading.get();
    } catch (ConfigException e) {
      faults.add(e);
      return null;
    }
  }

  /** Null where a part of it had faults, which are noted. */
  private @Nullable Object read(
      String path, Type type, Yaml value, List<ConfigException> faults) {
    if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      return list(path, p.getActualTypeArguments()[0], value, faults);
    }
    // Lists hold Integer where a component would be an int.
    Class<?> c = MethodType.methodType((Class<?>) type).unwrap().returnType();
    if (value instanceof Yaml.Scalar s && shorthands.containsKey(c)) {
      return shorthands.get(c).apply(path, s);
    }
    if (c.isRecord()) {
      return record(path, c, value, faults);
    }
    if (!(value instanceof Yaml.Scalar s)) {
      throw wrong(path, value, describe(c));
    }
    return c.isEnum() ? constant(path, c, s) : scalar(path, c, s);
  }

  private @Nullable List<Object> list(
      String path, Type item, Yaml value, List<ConfigException> faults) {
    if (!(value instanceof Yaml.Sequence sequence)) {
      throw wrong(path, value, "a list, such as [1, 2]");
    }
    int before = faults.size();
    List<Object> out = new ArrayList<>();
    for (Yaml each : sequence.items()) {
      String place = path + "[" + out.size() + "]";
      out.add(attempt(faults, () -> read(place, item, each, faults)));
    }
    return faults.size() > before ? null : List.copyOf(out);
  }

  private @Nullable Object record(
      String path, Class<?> type, Yaml value, List<ConfigException> faults) {
    if (!(value instanceof Yaml.Mapping mapping)) {
      throw wrong(path, value, "a mapping with " + names(type));
    }
    int before = faults.size();
    refuseUnknown(path, mapping, names(type), faults);
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      types[i] = component.getType();
      arguments[i] = attempt(faults, () -> component(path, component, mapping, faults));
    }
    return faults.size() > before ? null : construct(path, type, types, arguments, mapping.place());
  }

  private static void refuseUnknown(
      String path, Yaml.Mapping mapping, List<String> known, List<ConfigException> faults) {
    mapping
        .entries()
        .forEach((key, v) -> {
          if (!known.contains(key)) {
            String shown = join(path, Printable.brief(key));
            faults.add(
                new ConfigException(
                    v.place(), "unknown key '" + shown + "'" + Nearest.hintOrAll(key, known)));
          }
        });
  }

  private @Nullable Object component(
      String path, RecordComponent component, Yaml.Mapping mapping, List<ConfigException> faults) {
    String key = join(path, component.getName());
    Yaml value = mapping.entries().get(component.getName());
    if (value == null) {
      throw new ConfigException(
          mapping.place(),
          "key '" + key + "' is missing; it wants " + describe(component.getType()));
    }
    return read(key, component.getGenericType(), value, faults);
  }

  private static Object construct(
      String path, Class<?> type, Class<?>[] types, Object[] arguments, Place place) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException cause) {
        // The record's own check: it knows better what it wants, the file knows where.
        throw new ConfigException(
            place, (path.isEmpty() ? "" : "'" + path + "': ") + cause.getMessage());
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("[config] " + type + " cannot be made", e);
    }
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
        default -> throw wrong(path, value, describe(type));
      };
    }
    if (value.quoted()) {
      throw wrong(path, value, describe(type) + " without quotes");
    }
    if (type == int.class || type == long.class) {
      return whole(path, type, value);
    }
    double real = real(value, path);
    if (type == float.class) {
      if (Float.isInfinite((float) real)) {
        throw wrong(path, value, "a number up to " + Float.MAX_VALUE);
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
      throw wrong(path, value, describe(type));
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
      throw wrong(path, value, describe(type) + " of " + bounds);
    }
  }

  private static double real(Yaml.Scalar value, String path) {
    try {
      double v = Double.parseDouble(value.text());
      // Double.parseDouble reads more than YAML writes: 1f, 0x1p3, NaN, Infinity.
      if (value.text().matches("[-+0-9.eE]+") && Double.isFinite(v)) {
        return v;
      }
    } catch (NumberFormatException e) {
      // The message below says what is wanted.
    }
    throw wrong(path, value, describe(double.class));
  }

  private static ConfigException wrong(String path, Yaml value, String wanted) {
    return new ConfigException(
        value.place(), "'" + path + "' wants " + wanted + ", got " + value.kind());
  }

  private static String describe(Class<?> type) {
    if (type.isRecord()) {
      return "a mapping with " + names(type);
    }
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

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
