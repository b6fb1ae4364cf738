package tools.program;

import engine.ranks.Ranks;
import engine.ranks.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjLongConsumer;
import medsora.media.Clip;

/**
 * Clips that ranks draw, neighbours by the same one, and rank 0 writes: its own as they are drawn,
 * and those of the others as they come in. No clip knows of another, so that it does not show who
 * drew it.
 */
public final class SharedClips implements AutoCloseable {
  private static final int TAG = 3;
  private static final int HEAD = 3;

  private final Ranks ranks;
  private final long first;
  private final int count;
  private final ObjLongConsumer<Clip> write;
  private final ExecutorService takers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<?>> taken = new ArrayList<>();
  private int written;

  /**
   * Begins to take in what others draw, on rank 0.
   *
   * @param first number of the first clip of all
   * @param count of all clips
   * @param write called on rank 0 for each clip, one after the other, in no order
   */
  public SharedClips(Ranks ranks, long first, int count, ObjLongConsumer<Clip> write) {
    this.ranks = ranks;
    this.first = first;
    this.count = count;
    this.write = write;
    if (ranks.isFirst()) {
      for (int rank = 1; rank < ranks.count(); rank++) {
        int from = rank;
        taken.add(takers.submit(() -> take(from)));
      }
    }
  }

  private int begin(int rank) {
    return (int) (((long) rank * count + ranks.count() - 1) / ranks.count());
  }

  /** The number of the first clip that this rank draws. */
  public long first() {
    return first + begin(ranks.rank());
  }

  /** How many it draws. */
  public int count() {
    return begin(ranks.rank() + 1) - begin(ranks.rank());
  }

  /** How many were written. */
  public synchronized int written() {
    return written;
  }

  /** Takes a clip that this rank has drawn. */
  public void drawn(Clip clip, long number) {
    if (ranks.isFirst()) {
      write(clip, number);
      return;
    }
    try (Arena arena = Arena.ofShared()) {
      MemorySegment head = arena.allocate(HEAD * (long) Integer.BYTES, Integer.BYTES);
      int[] shape = {clip.length(), clip.height(), clip.width()};
      MemorySegment.copy(shape, 0, head, ValueLayout.JAVA_INT, 0, HEAD);
      float[] values = clip.values();
      MemorySegment body = arena.allocate((long) values.length * Float.BYTES, Float.BYTES);
      MemorySegment.copy(values, 0, body, ValueLayout.JAVA_FLOAT, 0, values.length);
      Transport.Pending sent = ranks.transport().send(head, 0, TAG);
      Transport.Pending all = ranks.transport().send(body, 0, TAG);
      ranks.await(sent);
      ranks.await(all);
    }
  }

  private synchronized void write(Clip clip, long number) {
    write.accept(clip, number);
    written++;
  }

  private void take(int rank) {
    for (int i = begin(rank); i < begin(rank + 1); i++) {
      try (Arena arena = Arena.ofShared()) {
        MemorySegment head = arena.allocate(HEAD * (long) Integer.BYTES, Integer.BYTES);
        ranks.await(ranks.transport().receive(head, rank, TAG));
        int[] s = head.toArray(ValueLayout.JAVA_INT);
        long floats = 3L * s[0] * s[1] * s[2];
        MemorySegment body = arena.allocate(floats * Float.BYTES, Float.BYTES);
        ranks.await(ranks.transport().receive(body, rank, TAG));
        float[] values = body.toArray(ValueLayout.JAVA_FLOAT);
        write(Clip.of("sample " + (first + i), s[0], s[1], s[2], values), first + i);
      }
    }
  }

  /** Waits for what the others have still to send; what failed in taking or writing is thrown. */
  public void finish() {
    try {
      for (Future<?> each : taken) {
        each.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes in nothing more. */
  @Override
  public void close() {
    takers.shutdownNow();
  }
}
