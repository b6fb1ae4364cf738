package medsora.media;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ffmpeg program: in the folder that {@code -Dmedsora.ffmpeg=DIR} names, on PATH, and in
 * the jar {@code org.bytedeco:ffmpeg} on the class path; the first place that has both programs, of
 * version 4.4 or newer. {@code -Dmedsora.ffmpeg=classpath} puts the jar before PATH.
 */
final class FfmpegPlaces {
  private static final System.Logger LOG = System.getLogger("medsora.data");

  /** What to do where none is found. */
  static final String REMEDY =
      "put ffmpeg and ffprobe (4.4 or newer) on PATH, name their folder by -Dmedsora.ffmpeg=DIR, or"
          + " put the jar org.bytedeco:ffmpeg of your platform on the class path; ./run fetches it"
          + " by itself";

  private static volatile @Nullable FfmpegProgram found;

  private FfmpegPlaces() {}

  /** Looked for anew until found, so that an installation is seen at once. */
  static Optional<FfmpegProgram> find() {
    FfmpegProgram known = found;
    if (known != null
        && Files.isExecutable(known.ffmpeg())
        && Files.isExecutable(known.ffprobe())) {
      return Optional.of(known);
    }
    Optional<FfmpegProgram> now = named().or(FfmpegPlaces::onPath).or(FfmpegPlaces::onClassPath);
    found = now.orElse(null);
    return now;
  }

  private static Optional<FfmpegProgram> named() {
    String folder = System.getProperty("medsora.ffmpeg");
    if (folder == null || folder.isBlank()) {
      return Optional.empty();
    }
    Optional<FfmpegProgram> program = folder.equals("classpath") ? onClassPath() : in(folder);
    if (program.isEmpty()) {
      LOG.log(Level.WARNING, "[video] -Dmedsora.ffmpeg={0} has no ffmpeg of 4.4 or newer", folder);
    }
    return program;
  }

  static Optional<FfmpegProgram> onPath() {
    String path = System.getenv("PATH");
    if (path == null) {
      return Optional.empty();
    }
    for (String folder : path.split(File.pathSeparator)) {
      Optional<FfmpegProgram> program = in(folder.isEmpty() ? "." : folder);
      if (program.isPresent()) {
        return program;
      }
    }
    return Optional.empty();
  }

  private static Optional<FfmpegProgram> in(String name) {
    try {
      Path folder = Path.of(name);
      return isProgram(folder.resolve(FfmpegProgram.file("ffmpeg")))
              && isProgram(folder.resolve(FfmpegProgram.file("ffprobe")))
          ? usable(FfmpegProgram.in(folder, Optional.empty()))
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "[video] {0}", e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static Optional<FfmpegProgram> usable(FfmpegProgram program) {
    if (program.tooOld()) {
      LOG.log(
          Level.WARNING,
          "[video] {0} is version {1}.{2} and left alone: 4.4 or newer is needed",
          program.ffmpeg(),
          program.major(),
          program.minor());
      return Optional.empty();
    }
    return Optional.of(program);
  }

  static Optional<FfmpegProgram> onClassPath() {
    try {
      Optional<FfmpegJar> jar = FfmpegJar.find();
      return jar.isEmpty() ? Optional.empty() : usable(jar.get().program());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "[video] the ffmpeg of the class path: {0}", e.getMessage());
      return Optional.empty();
    }
  }
}
