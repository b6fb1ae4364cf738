package engine.ranks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All ranks of a run, as one of them sees them. What is said here to be done by all is called by
 * every rank in the same order. Waiting does not spin: a rank that has nothing to do sleeps.
 *
 * <pre>{@code
 * try (Ranks ranks = Ranks.open(lost -> ...)) {
 *   ranks.requireSame("data", sha256);
 *   for (int i = ranks.rank(); i < count; i += ranks.count()) { ... }
 * }
 * }</pre>
 */
public final class Ranks implements AutoCloseable {
  /** One rank, without MPI. */
  public static final Ranks ALONE = new Ranks(new Alone());

  /** Seconds without a sign of a rank after which it is lost. */
  public static final String SILENCE = "engine.ranks.silence";

  /** The same where nobody says otherwise. */
  public static final int SECONDS = 20;

  /**
   * Seconds after which a rank is lost whose work stands still while others wait for it; 0 for
   * never.
   */
  public static final String STILLNESS = "engine.ranks.stillness";

  /** The same where nobody says otherwise: longer than any piece of work between two signs. */
  public static final int STILL_SECONDS = 1800;

  /** What is asked again without a pause: longer than a message between processes takes. */
  private static final int YIELDS = 200;

  private static final long SHORTEST_SLEEP = 20_000;
  private static final long LONGEST_SLEEP = 1_000_000;

  private final Transport transport;
  private final List<String> hosts;
  private final Pulse pulse = new Pulse();
  private @Nullable Heart heart;

  /** Ranks over a transport, without a heart. */
  public Ranks(Transport transport) {
    this.transport = transport;
    this.hosts = new ArrayList<>(List.of(ownHost()));
    if (transport.count() > 1) {
      hosts.clear();
      gather(ownHost().getBytes(StandardCharsets.UTF_8))
          .forEach(h -> hosts.add(new String(h, StandardCharsets.UTF_8)));
    }
  }

  /**
   * The ranks that the launcher of this process has started; {@link #ALONE} where there is none.
   *
   * @param lost told once, on a thread of its own, which rank gives no sign any more or stands
   *     still; it is to end this process, for example by {@link #abort}
   * @throws RanksException where there are several processes, and no MPI that joins them
   */
  public static Ranks open(Consumer<Loss> lost) {
    Optional<Launch> launch = Launch.of(System.getenv());
    if (launch.isEmpty()) {
      return ALONE;
    }
    Ranks ranks = new Ranks(MpiTransport.open(launch.get()));
    Duration silence = Duration.ofSeconds(Integer.getInteger(SILENCE, SECONDS));
    Duration stillness = Duration.ofSeconds(Integer.getInteger(STILLNESS, STILL_SECONDS));
    ranks.heart = new Heart(ranks.transport, silence, stillness, ranks.pulse, lost);
    return ranks;
  }

  /** The name of this machine. */
  public static String ownHost() {
    try {
      // Linux knows it where no resolver does.
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException u) {
        return "without a name";
      }
    }
  }

  public int rank() {
    return transport.rank();
  }

  public int count() {
    return transport.count();
  }

  /** Whether this is the rank that prints and writes. */
  public boolean isFirst() {
    return transport.rank() == 0;
  }

  /** A rank in words: {@code rank 2 of 4 on host n2}. */
  public String name(int rank) {
    return "rank %d of %d on host %s".formatted(rank, count(), hosts.get(rank));
  }

  /** Carries bytes; what it began is waited for with {@link #await}. */
  public Transport transport() {
    return transport;
  }

  /** Says that the work of this rank goes on, from any of its threads; costs nothing. */
  public void move() {
    pulse.move();
  }

  /** Says how much this rank has done of what is counted. */
  public void done(long amount) {
    pulse.move();
    if (heart != null) {
      heart.done(amount);
    }
  }

  /**
   * How much all ranks have done, as rank 0 knows it, which hears of it within seconds.
   *
   * @param own what this one has done
   */
  public long doneByAll(long own) {
    done(own);
    return heart == null ? own : heart.doneByAll();
  }

  /**
   * Waits until something is done that another rank is at work on.
   *
   * @throws RanksException where a rank was lost meanwhile
   */
  public void await(Transport.Pending pending) {
    pulse.beginWait();
    try {
      idle(pending);
    } finally {
      pulse.endWait();
    }
  }

  /**
   * The same where nobody is to blame however long it takes: for a rank that is there to be asked.
   *
   * @throws RanksException where a rank was lost meanwhile
   */
  public void idle(Transport.Pending pending) {
    long sleep = SHORTEST_SLEEP;
    for (int asked = 0; !pending.isDone(); asked++) {
      if (heart != null && heart.hasLost()) {
        throw new RanksException("[ranks] a rank is lost");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new RanksException("[ranks] nobody waits any more");
      }
      if (asked < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(sleep);
        sleep = Math.min(LONGEST_SLEEP, sleep + (sleep / 4));
      }
    }
  }

  /**
   * Brings together what each rank has; done by all.
   *
   * @param own of any length
   * @return of all ranks, in their order
   */
  public List<byte[]> gather(byte[] own) {
    if (count() == 1) {
      return List.of(own);
    }
    Arena arena = Arena.ofAuto();
    MemorySegment length = arena.allocate(Long.BYTES, Long.BYTES);
    MemorySegment lengths = arena.allocate((long) count() * Long.BYTES, Long.BYTES);
    length.set(ValueLayout.JAVA_LONG, 0, own.length);
    await(transport.gather(length, lengths));
    int longest = 0;
    for (int i = 0; i < count(); i++) {
      longest = Math.max(longest, length(lengths, i));
    }
    MemorySegment mine = arena.allocate(Math.max(1, longest));
    MemorySegment all = arena.allocate((long) count() * Math.max(1, longest));
    MemorySegment.copy(own, 0, mine, ValueLayout.JAVA_BYTE, 0, own.length);
    await(transport.gather(mine, all));
    List<byte[]> found = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      long at = (long) i * Math.max(1, longest);
      found.add(all.asSlice(at, length(lengths, i)).toArray(ValueLayout.JAVA_BYTE));
    }
    return found;
  }

  private static int length(MemorySegment lengths, int rank) {
    return (int) lengths.getAtIndex(ValueLayout.JAVA_LONG, rank);
  }

  /** Whether it is true for any rank; done by all. */
  public boolean any(boolean own) {
    return any(own, this::await);
  }

  private boolean any(boolean own, Consumer<Transport.Pending> wait) {
    if (count() == 1) {
      return own;
    }
    Arena arena = Arena.ofAuto();
    MemorySegment mine = arena.allocate(1);
    MemorySegment all = arena.allocate(count());
    mine.set(ValueLayout.JAVA_BYTE, 0, (byte) (own ? 1 : 0));
    wait.accept(transport.gather(mine, all));
    boolean found = false;
    for (int i = 0; i < count(); i++) {
      found |= all.get(ValueLayout.JAVA_BYTE, i) != 0;
    }
    return found;
  }

  /** Waits until all ranks have come here; done by all. */
  public void meet() {
    any(false);
  }

  /**
   * Refuses ranks that differ in something; done by all, and thrown in all of them.
   *
   * @param what for the message
   * @param value of this rank
   * @throws RanksException naming the first rank that has another value than rank 0, and both
   */
  public void requireSame(String what, String value) {
    if (count() == 1) {
      return;
    }
    List<byte[]> all = gather(value.getBytes(StandardCharsets.UTF_8));
    String first = new String(all.get(0), StandardCharsets.UTF_8);
    for (int i = 1; i < all.size(); i++) {
      String other = new String(all.get(i), StandardCharsets.UTF_8);
      if (!other.equals(first)) {
        throw RanksException.everywhere(
            "[ranks] %s has another %s than %s: %s, not %s"
                .formatted(name(i), what, name(0), other, first));
      }
    }
  }

  /** Ends all ranks at once. */
  public void abort(int code) {
    transport.abort(code);
  }

  /** Waits for all ranks to do the same, and ends their bond. */
  @Override
  public void close() {
    // One of them may have work of its own to end.
    any(false, this::idle);
    if (heart != null) {
      heart.close();
    }
    transport.close();
  }
}
