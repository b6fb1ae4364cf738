package engine.testing;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Every property of every module draws from one seed, so that what a commit tests is fixed by the
 * commit: {@link #FIXED}, or the system property {@code tests.seed} where that is set. A property
 * with a seed of its own ({@code @Property(seed = ...)}) keeps it. jqwik finds this hook through
 * META-INF/services in testdata/junit.
 */
public final class SeededProperties implements AroundPropertyHook {
  /** The seed of a run that names none. */
  public static final long FIXED = 20250601L;

  /** The seed of this run. */
  public static long seed() {
    String asked = System.getProperty("tests.seed");
    return asked == null ? FIXED : Long.parseLong(asked);
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) throws Throwable {
    if (context.attributes().seed().isEmpty()) {
      context.attributes().setSeed(Long.toString(seed()));
    }
    return property.execute();
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
