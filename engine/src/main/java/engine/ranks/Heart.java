package engine.ranks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the other ranks are there: every rank sends rank 0 a sign now and then, and gets
 * one from it, on a thread of its own, however long a step takes. A rank of which nothing came for
 * long is lost: its process hangs or is stopped, or it or its network is gone. The sign carries how
 * much a rank has done.
 */
final class Heart implements AutoCloseable {
  private static final int TAG = 1;

  /** Signs in the time after which a rank is lost. */
  private static final int SIGNS = 20;

  /** What was done, and the rank that was lost, or -1. */
  private static final int BYTES = 2 * Long.BYTES;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Transport transport;
  private final long silence;
  private final IntConsumer lost;
  private final Peer[] peers;
  private final Thread thread = new Thread(this::beat, "ranks");
  private volatile long done;
  private volatile int gone = -1;
  private volatile boolean closed;
  private long before = System.nanoTime();

  /** The other end of signs. */
  private final class Peer {
    private final int rank;
    private final MemorySegment incoming;
    private final MemorySegment outgoing;
    private Transport.Pending receiving;
    private Transport.@Nullable Pending sending;
    private long heard = System.nanoTime();
    private volatile long done;

    Peer(int rank, Arena arena) {
      this.rank = rank;
      this.incoming = arena.allocate(BYTES, Long.BYTES);
      this.outgoing = arena.allocate(BYTES, Long.BYTES);
      this.receiving = transport.receive(incoming, rank, TAG);
    }

    void listen(long now) {
      while (receiving.isDone()) {
        heard = now;
        done = incoming.get(LONG, 0);
        int named = (int) incoming.get(LONG, Long.BYTES);
        receiving = transport.receive(incoming, rank, TAG);
        if (named >= 0) {
          lose(named);
        }
      }
    }

    /** No further sign where the one before has not gone out. */
    void speak() {
      if (sending == null || sending.isDone()) {
        outgoing.set(LONG, 0, Heart.this.done);
        outgoing.set(LONG, Long.BYTES, gone);
        sending = transport.send(outgoing, rank, TAG);
      }
    }
  }

  /**
   * Begins to beat.
   *
   * @param silence after which a rank is lost
   * @param lost told once, on a thread of this heart, which rank is
   */
  Heart(Transport transport, Duration silence, IntConsumer lost) {
    this.transport = transport;
    this.silence = silence.toNanos();
    this.lost = lost;
    int count = transport.rank() == 0 ? transport.count() - 1 : 1;
    this.peers = new Peer[count];
    // Freed by nobody: a message may still come in when this ends.
    Arena arena = Arena.global();
    for (int i = 0; i < count; i++) {
      peers[i] = new Peer(transport.rank() == 0 ? i + 1 : 0, arena);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Says how much this rank has done. */
  void done(long amount) {
    done = amount;
  }

  /** How much all have done, as far as this rank has heard: rank 0 of all others. */
  long doneByAll() {
    long sum = done;
    for (Peer peer : peers) {
      sum += peer.done;
    }
    return sum;
  }

  /** Whether some rank was lost. */
  boolean hasLost() {
    return gone >= 0;
  }

  private void beat() {
    try {
      while (!closed) {
        long now = System.nanoTime();
        boolean slept = now - before > silence / 2;
        before = now;
        for (Peer peer : peers) {
          peer.listen(now);
          if (slept) {
            // It was this process that was stopped: who else is there is not known yet.
            peer.heard = now;
          } else if (now - peer.heard > silence) {
            lose(peer.rank);
          }
          peer.speak();
        }
        Thread.sleep(Duration.ofNanos(silence / SIGNS));
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RanksException e) {
      // The library says itself that somebody is gone, and not who.
      if (!closed) {
        lose(transport.rank() == 0 ? peers[0].rank : 0);
      }
    }
  }

  private void lose(int rank) {
    if (gone < 0 && !closed) {
      gone = rank;
      Thread.ofPlatform().daemon().name("ranks-lost").start(() -> lost.accept(rank));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Peer peer : peers) {
      peer.receiving.cancel();
    }
  }
}
