import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether what takes or gives tensors says their shapes: each public method, constructor and record
 * of a public type of engine.op, nn and medsora that has Tensor among the types of its parameters
 * or as its result. Methods that override inherit what is said above them and are left out.
 */
final class Shapes {
  private static final Pattern TENSOR = Pattern.compile("\\bTensor\\b");
  private static final Pattern PACKAGES = Pattern.compile("(engine\\.op|nn|medsora)(\\..*)?");

  /**
   * Extents in brackets, a letter among them or three numbers; {@code []} is the shape of one
   * element. Ranges such as [-1, 1] are none.
   */
  private static final Pattern BRACKETS =
      Pattern.compile(
          "\\[(?:(?=[^\\]]*[A-Za-z])[\\w '.*+/()<>^-]+(?:,[\\w '.*+/()<>^-]+)*"
              + "|\\d+(?:, ?\\d+){2,}|)\\]");

  private static final Pattern WORDS =
      Pattern.compile(
          "any shape|same shape|shapes? of|of one shape|shape as|shaped (?:like|as)|laid out like"
              + "|one element|a scalar|its shape|their shapes|whatever (?:its|their) shapes?",
          Pattern.CASE_INSENSITIVE);

  private Shapes() {}

  static List<Methods.Method> tensorMethods(List<Methods.Method> all) {
    return all.stream()
        .filter(m -> m.isOpen() && !m.isOverride())
        .filter(m -> PACKAGES.matcher(m.unit().packageName()).matches())
        .filter(m -> TENSOR.matcher(m.result() + " " + String.join(" ", m.parameters())).find())
        .toList();
  }

  static boolean areSaid(Methods.Method method) {
    String doc = method.doc().replaceAll("\\s+", " ");
    return BRACKETS.matcher(doc).find() || WORDS.matcher(doc).find();
  }
}
