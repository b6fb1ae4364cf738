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

  /** Types that stand for records of several kinds. */
  private final Map<Class<?>, Kinds> families = new LinkedHashMap<>();

  /** Lets a record be written as one number. */
  <T> RecordMapper numberAs(Class<T> type, Function<Double, T> make) {
    shorthands.put(type, (path, s) -> make.apply(Scalars.real(path, s)));
    return this;
  }

  /** Lets a component of a type be of one of several kinds. */
  RecordMapper family(Class<?> type, Kinds kinds) {
    families.put(type, kinds);
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
  private @Nullable Object read(String path, Type type, Yaml value, List<ConfigException> faults) {
    if (type instanceof ParameterizedType p && p.getRawType() == List.class) {
      return list(path, p.getActualTypeArguments()[0], value, faults);
    }
    // Lists hold Integer where a component would be an int.
    Class<?> c = MethodType.methodType((Class<?>) type).unwrap().returnType();
    if (value instanceof Yaml.Scalar s && shorthands.containsKey(c)) {
      return shorthands.get(c).apply(path, s);
    }
    Kinds kinds = families.get(c);
    if (kinds != null && value instanceof Yaml.Mapping mapping) {
      return record(path, kinds.meantBy(path, mapping), Kinds.components(mapping), faults);
    }
    if (c.isRecord()) {
      return record(path, c, value, faults);
    }
    if (kinds != null || !(value instanceof Yaml.Scalar s)) {
      throw ConfigException.wrong(path, value, describe(c));
    }
    return Scalars.read(path, c, s);
  }

  private @Nullable List<Object> list(
      String path, Type item, Yaml value, List<ConfigException> faults) {
    if (!(value instanceof Yaml.Sequence sequence)) {
      throw ConfigException.wrong(path, value, "a list, such as [1, 2]");
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
      throw ConfigException.wrong(path, value, "a mapping with " + names(type));
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
        throw new ConfigException(place, (path.isEmpty() ? "" : "'" + path + "': ") + bare(cause));
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("[config] " + type + " cannot be made", e);
    }
  }

  /** The exception that is thrown for it says {@code [config]} itself. */
  private static String bare(IllegalArgumentException cause) {
    return String.valueOf(cause.getMessage()).replaceFirst("^\\[config] ", "");
  }

  private String describe(Class<?> type) {
    if (type.isRecord()) {
      return "a mapping with " + names(type);
    }
    if (families.containsKey(type)) {
      return describe(families.get(type).standard());
    }
    return Scalars.describe(type);
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
