package engine.kernel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Kernels of which every call, of whatever family, goes through one handler, which may count it,
 * watch it, pass it on or answer it. Families and kernels that are added later do so by themselves.
 */
public final class InterceptedKernels {
  private InterceptedKernels() {}

  /** What is done for each call of a kernel, and of name, allocate and finish. */
  @FunctionalInterface
  public interface Handler {
    /** The result of the call; null where it has none. */
    @Nullable Object answer(Call call);
  }

  /** A call of a kernel, or of {@link Kernels#name}, allocate or finish; without arguments []. */
  public record Call(Method method, Object[] arguments) {
    /** Of the method; kernels of several families may share one. */
    public String name() {
      return method.getName();
    }

    /** The same call of other kernels. */
    public @Nullable Object on(Kernels kernels) {
      Class<?> family = method.getDeclaringClass();
      return invoke(method, family == Kernels.class ? kernels : family(family, kernels), arguments);
    }
  }

  /** Kernels that ask a handler. */
  public static Kernels of(Handler handler) {
    Map<Class<?>, Object> families = new HashMap<>();
    for (Method accessor : Kernels.class.getMethods()) {
      if (isFamily(accessor)) {
        Class<?> family = accessor.getReturnType();
        families.put(family, proxy(family, handler, Map.of()));
      }
    }
    return (Kernels) proxy(Kernels.class, handler, families);
  }

  private static boolean isFamily(Method method) {
    return method.getDeclaringClass() == Kernels.class
        && method.getParameterCount() == 0
        && method.getReturnType().isInterface();
  }

  private static Object family(Class<?> family, Kernels kernels) {
    Method accessor =
        Arrays.stream(Kernels.class.getMethods())
            .filter(m -> m.getReturnType() == family)
            .findFirst()
            .orElseThrow();
    return Objects.requireNonNull(invoke(accessor, kernels), accessor.getName());
  }

  private static Object proxy(Class<?> type, Handler handler, Map<Class<?>, Object> families) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (self, method, arguments) -> {
          Object[] given = arguments == null ? new Object[0] : arguments;
          if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
              case "hashCode" -> System.identityHashCode(self);
              case "equals" -> self == given[0];
              default -> type.getSimpleName() + " that are intercepted";
            };
          }
          Object family = families.get(method.getReturnType());
          return family == null ? handler.answer(new Call(method, given)) : family;
        });
  }

  private static @Nullable Object invoke(Method method, Object target, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException inner) {
        throw inner;
      }
      if (e.getCause() instanceof Error inner) {
        throw inner;
      }
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
