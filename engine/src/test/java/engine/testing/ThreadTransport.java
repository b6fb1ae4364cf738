package engine.testing;

import engine.ranks.Ranks;
import engine.ranks.Transport;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Ranks that are threads of one test: what MPI does, without it. */
public final class ThreadTransport implements Transport {
  private record Route(int from, int to, int tag) {}

  /** What the ranks of a test have in common. */
  private static final class Post {
    private final Map<Route, Queue<byte[]>> letters = new ConcurrentHashMap<>();
    private final Map<Integer, byte[][]> rounds = new ConcurrentHashMap<>();
    private final int count;

    Post(int count) {
      this.count = count;
    }

    synchronized void give(Route route, byte[] letter) {
      letters.computeIfAbsent(route, r -> new ArrayDeque<>()).add(letter);
    }

    synchronized byte[] take(Route route) {
      Queue<byte[]> waiting = letters.get(route);
      return waiting == null ? null : waiting.poll();
    }

    synchronized byte[][] round(int number) {
      return rounds.computeIfAbsent(number, n -> new byte[count][]);
    }
  }

  private final Post post;
  private final int rank;
  private int round;

  private ThreadTransport(Post post, int rank) {
    this.post = post;
    this.rank = rank;
  }

  /**
   * Runs a body as each of some ranks, side by side.
   *
   * @return what each rank made
   */
  public static <T> List<T> run(int count, Function<Ranks, T> body) throws Exception {
    Post post = new Post(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int rank = i;
        Callable<T> task = () -> body.apply(new Ranks(new ThreadTransport(post, rank)));
        all.add(threads.submit(task));
      }
      List<T> made = new ArrayList<>();
      for (Future<T> each : all) {
        made.add(each.get());
      }
      return made;
    }
  }

  /** Done as soon as it can be. */
  private interface Attempt extends Pending {
    @Override
    default void cancel() {}
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int count() {
    return post.count;
  }

  @Override
  public Pending send(MemorySegment bytes, int to, int tag) {
    post.give(new Route(rank, to, tag), bytes.toArray(ValueLayout.JAVA_BYTE));
    return (Attempt) () -> true;
  }

  @Override
  public Pending receive(MemorySegment bytes, int from, int tag) {
    return (Attempt)
        () -> {
          byte[] letter = post.take(new Route(from, rank, tag));
          if (letter != null) {
            if (letter.length != bytes.byteSize()) {
              throw new IllegalStateException(
                  "%d bytes came, %d were awaited".formatted(letter.length, bytes.byteSize()));
            }
            MemorySegment.copy(letter, 0, bytes, ValueLayout.JAVA_BYTE, 0, letter.length);
          }
          return letter != null;
        };
  }

  @Override
  public Pending gather(MemorySegment own, MemorySegment all) {
    byte[][] parts = post.round(round++);
    synchronized (parts) {
      parts[rank] = own.toArray(ValueLayout.JAVA_BYTE);
    }
    return (Attempt) () -> gathered(parts, all);
  }

  private static boolean gathered(byte[][] parts, MemorySegment all) {
    synchronized (parts) {
      long at = 0;
      for (byte[] part : parts) {
        if (part == null) {
          return false;
        }
        MemorySegment.copy(part, 0, all, ValueLayout.JAVA_BYTE, at, part.length);
        at += part.length;
      }
      return true;
    }
  }

  @Override
  public void abort(int code) {
    throw new IllegalStateException("rank " + rank + " aborts with " + code);
  }

  @Override
  public void close() {}
}
