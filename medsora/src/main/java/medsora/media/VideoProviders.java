package medsora.media;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The {@link VideoProvider}s that the library's class loader and that of the thread see. */
final class VideoProviders {
  private static final System.Logger LOG = System.getLogger("medsora.data");

  /** Failures in a row after which a loader is taken to have no more to offer. */
  private static final int FAILURES = 100;

  private VideoProviders() {}

  /** Asks one after the other. */
  static Optional<FrameSource> open(Path file, ReadLimits limits) throws IOException {
    for (VideoProvider provider : find()) {
      Optional<FrameSource> source = provider.open(file, limits);
      if (source.isPresent()) {
        return source;
      }
    }
    return Optional.empty();
  }

  private static List<VideoProvider> find() {
    Map<String, VideoProvider> all = new TreeMap<>();
    Stream.of(VideoProviders.class.getClassLoader(), Thread.currentThread().getContextClassLoader())
        .filter(Objects::nonNull)
        .distinct()
        .forEach(l -> collect(ServiceLoader.load(VideoProvider.class, l).iterator(), all));
    return new ArrayList<>(all.values());
  }

  private static void collect(Iterator<VideoProvider> found, Map<String, VideoProvider> all) {
    for (int failures = 0; failures < FAILURES; ) {
      try {
        if (!found.hasNext()) {
          return;
        }
        VideoProvider provider = found.next();
        all.putIfAbsent(provider.getClass().getName(), provider);
        failures = 0;
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        LOG.log(Level.WARNING, "[video] a provider is left out: {0}", e.getMessage());
      }
    }
  }
}
