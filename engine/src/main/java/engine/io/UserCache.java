package engine.io;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Where a user's system keeps what can be made again. */
public final class UserCache {
  private UserCache() {}

  /**
   * This project's folder there, which may not exist yet: below {@code XDG_CACHE_HOME} or {@code
   * ~/.cache}, on macOS {@code ~/Library/Caches}, on Windows {@code LOCALAPPDATA}. Empty where the
   * user has no home.
   */
  public static Optional<Path> folder() {
    return systems().map(f -> f.resolve("medsora"));
  }

  private static Optional<Path> systems() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String home = System.getProperty("user.home");
    String named = System.getenv(system.contains("win") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
    if (named != null && Path.of(named).isAbsolute()) {
      return Optional.of(Path.of(named));
    }
    if (home == null || home.isBlank() || home.equals("?")) {
      return Optional.empty();
    }
    return Optional.of(Path.of(home, system.contains("mac") ? "Library/Caches" : ".cache"));
  }
}
