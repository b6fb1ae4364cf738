package engine.testing;

import engine.kernel.Kernels;
import engine.kernel.SimdWidth;
import engine.kernel.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.Map;

/**
 * The SIMD backend at several vector widths in one JVM. Its width is a static constant of its
 * classes, so each width gets class objects of its own through a loader that reads the package
 * {@code engine.kernel.simd} and the choice of its width anew and leaves all else to the parent.
 * All backends of one width share these classes, so that each is compiled once.
 */
public final class SimdVariants {
  private static final String CHOICE = SimdWidth.class.getName();
  private static final Map<Integer, Constructor<?>> WIDTHS = new HashMap<>();

  private SimdVariants() {}

  public static synchronized Kernels open(int bits, Workers workers) {
    try {
      Constructor<?> width = WIDTHS.get(bits);
      if (width == null) {
        width = load(bits);
        WIDTHS.put(bits, width);
      }
      return (Kernels) width.newInstance(workers);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Constructor<?> load(int bits) throws ReflectiveOperationException {
    ClassLoader loader = new PackageLoader();
    loader.loadClass(CHOICE).getMethod("configure", int.class).invoke(null, bits);
    return loader.loadClass("engine.kernel.simd.SimdKernels").getConstructor(Workers.class);
  }

  private static final class PackageLoader extends ClassLoader {
    private static final String PACKAGE = "engine.kernel.simd.";

    PackageLoader() {
      super(Kernels.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE) && !name.equals(CHOICE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String path = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(path)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
