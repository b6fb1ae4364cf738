package medsora.media;

/** A clip in memory as a source of frames. */
public final class ClipSource implements FrameSource {
  private final Clip clip;
  private int position;

  public ClipSource(Clip clip) {
    this.clip = clip.shown();
  }

  @Override
  public String name() {
    return clip.source();
  }

  @Override
  public int width() {
    return clip.width();
  }

  @Override
  public int height() {
    return clip.height();
  }

  @Override
  public boolean next(byte[] rgb) {
    if (position == clip.length()) {
      return false;
    }
    System.arraycopy(clip.frames().get(position++), 0, rgb, 0, frameBytes());
    return true;
  }

  @Override
  public void close() {}
}
