package engine.ranks;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Of a rank, how far its work is and whether it waits for others; what its heart tells. */
final class Pulse {
  private final AtomicLong moves = new AtomicLong();
  private final AtomicInteger waits = new AtomicInteger();

  /** Its work goes on. */
  void move() {
    moves.incrementAndGet();
  }

  void beginWait() {
    waits.incrementAndGet();
  }

  void endWait() {
    waits.decrementAndGet();
    move();
  }

  /** A count that changes as long as the work goes on. */
  long moves() {
    return moves.get();
  }

  boolean isWaiting() {
    return waits.get() > 0;
  }
}
