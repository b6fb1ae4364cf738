package engine.ranks;

import java.lang.foreign.MemorySegment;

/** The only rank, which has nobody to send to. */
final class Alone implements Transport {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public Pending send(MemorySegment bytes, int to, int tag) {
    throw new IllegalStateException("[ranks] there is no other rank");
  }

  @Override
  public Pending receive(MemorySegment bytes, int from, int tag) {
    throw new IllegalStateException("[ranks] there is no other rank");
  }

  @Override
  public Pending gather(MemorySegment own, MemorySegment all) {
    throw new IllegalStateException("[ranks] there is no other rank");
  }

  @Override
  public void abort(int code) {}

  @Override
  public void close() {}
}
