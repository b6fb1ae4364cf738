package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A reader of video files that {@link java.util.ServiceLoader} finds: a class with a public
 * constructor without arguments, named in {@code META-INF/services/medsora.media.VideoProvider} of
 * a jar on the class path, or provided by a module. {@link VideoReader} asks each before its own
 * readers, in the order of their class names; the first that takes a file reads it.
 */
public interface VideoProvider {
  /**
   * Opens a file, or leaves it to others.
   *
   * @param file a regular file of a size within the limits; its content is hostile
   * @param limits bounds that the source keeps
   * @return empty where the file is none that this reader knows
   * @throws IOException naming the file, when it is one that this reader knows and it is damaged
   */
  Optional<FrameSource> open(Path file, ReadLimits limits) throws IOException;
}
