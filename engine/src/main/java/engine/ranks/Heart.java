package engine.ranks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the other ranks are there: every rank sends rank 0 a sign now and then, and gets
 * one from it, on a thread of its own, however long a step takes. A rank of which nothing came for
 * long is lost: its process hangs or is stopped, or it or its network is gone. The sign carries how
 * much a rank has done, how far its work is and whether it waits: rank 0 names one whose work has
 * stood still for long while another has waited as long.
 */
final class Heart implements AutoCloseable {
  private static final int TAG = 1;

  /** Signs in the time after which a rank is lost. */
  private static final int SIGNS = 20;

  /**
   * What was done, the rank that was lost or -1, how it was, moves, and 1 for a rank that waits.
   */
  private static final int WORDS = 5;

  private static final int BYTES = WORDS * Long.BYTES;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private final Transport transport;
  private final long silence;
  private final long stillness;
  private final Pulse pulse;
  private final Consumer<Loss> lost;
  private final Peer[] peers;
  private final Course own = new Course(System.nanoTime());
  private final Thread thread = new Thread(this::beat, "ranks");
  private volatile long done;
  private volatile @Nullable Loss gone;
  private volatile boolean closed;
  private long before = System.nanoTime();

  /** Since when the work of a rank has not moved. */
  private static final class Course {
    private long moves = -1;
    private boolean waits;
    private long since;

    Course(long now) {
      this.since = now;
    }

    void at(long moved, boolean waiting, long now) {
      if (moved != moves || waiting != waits) {
        moves = moved;
        waits = waiting;
        since = now;
      }
    }
  }

  /** The other end of signs. */
  private final class Peer {
    private final int rank;
    private final MemorySegment incoming;
    private final MemorySegment outgoing;
    private Transport.Pending receiving;
    private Transport.@Nullable Pending sending;
    private long heard = System.nanoTime();
    private final Course course = new Course(heard);
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
        int named = (int) incoming.getAtIndex(LONG, 1);
        Loss.Kind how = Loss.Kind.values()[(int) incoming.getAtIndex(LONG, 2)];
        course.at(incoming.getAtIndex(LONG, 3), incoming.getAtIndex(LONG, 4) != 0, now);
        receiving = transport.receive(incoming, rank, TAG);
        if (named >= 0) {
          lose(new Loss(named, how));
        }
      }
    }

    /** No further sign where the one before has not gone out. */
    void speak() {
      if (sending == null || sending.isDone()) {
        Loss known = gone;
        outgoing.set(LONG, 0, Heart.this.done);
        outgoing.setAtIndex(LONG, 1, known == null ? -1 : known.rank());
        outgoing.setAtIndex(LONG, 2, known == null ? 0 : known.how().ordinal());
        outgoing.setAtIndex(LONG, 3, pulse.moves());
        outgoing.setAtIndex(LONG, 4, pulse.isWaiting() ? 1 : 0);
        sending = transport.send(outgoing, rank, TAG);
      }
    }
  }

  /**
   * Begins to beat.
   *
   * @param silence after which a rank is lost
   * @param stillness after which one is whose work does not move while another waits; 0 for never
   * @param pulse of this rank
   * @param lost told once, on a thread of this heart, which rank is
   */
  Heart(
      Transport transport, Duration silence, Duration stillness, Pulse pulse, Consumer<Loss> lost) {
    this.transport = transport;
    this.stillness = stillness.toNanos();
    this.pulse = pulse;
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
    return gone != null;
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
            peer.course.since = now;
          } else if (now - peer.heard > silence) {
            lose(new Loss(peer.rank, Loss.Kind.SILENT));
          }
          peer.speak();
        }
        own.since = slept ? now : own.since;
        if (transport.rank() == 0 && stillness > 0) {
          look(now);
        }
        Thread.sleep(Duration.ofNanos(silence / SIGNS));
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RanksException e) {
      // The library says itself that somebody is gone, and not who.
      if (!closed) {
        lose(new Loss(transport.rank() == 0 ? peers[0].rank : 0, Loss.Kind.SILENT));
      }
    }
  }

  /** Looks for one that stands still while another waits. */
  private void look(long now) {
    own.at(pulse.moves(), pulse.isWaiting(), now);
    int still = isOver(own, false, now) ? 0 : -1;
    boolean waits = isOver(own, true, now);
    for (Peer peer : peers) {
      waits |= isOver(peer.course, true, now);
      if (still < 0 && isOver(peer.course, false, now)) {
        still = peer.rank;
      }
    }
    if (waits && still >= 0) {
      lose(new Loss(still, Loss.Kind.STILL));
    }
  }

  private boolean isOver(Course course, boolean waiting, long now) {
    return course.waits == waiting && now - course.since > stillness;
  }

  private void lose(Loss loss) {
    if (gone == null && !closed) {
      gone = loss;
      Thread.ofPlatform().daemon().name("ranks-lost").start(() -> lost.accept(loss));
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
