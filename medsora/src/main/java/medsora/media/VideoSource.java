package medsora.media;

/** A video in memory as a source of frames. */
public final class VideoSource implements FrameSource {
  private final Video video;
  private int position;

  public VideoSource(Video video) {
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
    if (position == video.length()) {
      return false;
    }
    System.arraycopy(video.frames().get(position++), 0, rgb, 0, frameBytes());
    return true;
  }

  @Override
  public void close() {}
}
