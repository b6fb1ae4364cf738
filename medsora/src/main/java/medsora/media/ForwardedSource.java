package medsora.media;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** A source that describes itself by another one, which may change. */
abstract class ForwardedSource implements FrameSource {
  /** The source behind it. */
  abstract FrameSource source();

  @Override
  public final String name() {
    return source().name();
  }

  @Override
  public final int width() {
    return source().width();
  }

  @Override
  public final int height() {
    return source().height();
  }

  @Override
  public final int section() {
    return source().section();
  }

  @Override
  public final OptionalDouble rate() {
    return source().rate();
  }

  @Override
  public List<String> remarks() {
    return source().remarks();
  }

  @Override
  public void close() throws IOException {
    source().close();
  }
}
