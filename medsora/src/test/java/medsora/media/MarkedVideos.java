package medsora.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Takes files that begin with its mark: a grey frame of 2x1 for each byte behind it. */
public final class MarkedVideos implements VideoProvider {
  static final byte[] MARK = "a video of this test\n".getBytes(StandardCharsets.US_ASCII);

  @Override
  public Optional<FrameSource> open(Path file, ReadLimits limits) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (!Arrays.equals(MARK, Arrays.copyOf(bytes, MARK.length))) {
      return Optional.empty();
    }
    if (bytes.length == MARK.length) {
      throw new VideoException(file.toString(), "is marked and empty");
    }
    List<byte[]> frames = new java.util.ArrayList<>();
    for (int i = MARK.length; i < bytes.length; i++) {
      byte[] frame = new byte[6];
      Arrays.fill(frame, bytes[i]);
      frames.add(frame);
    }
    return Optional.of(new ClipSource(Clip.of(file.toString(), 1, 2, frames)));
  }
}
