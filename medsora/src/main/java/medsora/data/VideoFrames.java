package medsora.data;

/** The frames of a video in memory, one after the other. */
public final class VideoFrames implements FrameSource {
  private final Video video;
  private int at;

  public VideoFrames(Video video) {
    this.video = video;
  }

  @Override
  public String name() {
    return video.name();
  }

  @Override
  public int width() {
    return video.width();
  }

  @Override
  public int height() {
    return video.height();
  }

  @Override
  public boolean next(byte[] rgb) {
    if (at == video.length()) {
      return false;
    }
    System.arraycopy(video.frames().get(at++), 0, rgb, 0, frameBytes());
    return true;
  }

  @Override
  public void close() {}
}
