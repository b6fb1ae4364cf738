package engine.ranks;

import java.lang.foreign.MemorySegment;

/**
 * Carries bytes between ranks. Nothing here waits: what was begun is asked for, again and again,
 * whether it is done. Calls may come from any thread; memory is native, and neither changes nor is
 * freed before what uses it is done.
 */
public interface Transport extends AutoCloseable {
  /** Something that was begun. */
  interface Pending {
    /** Whether it is done; once it was, this is not to be asked again. */
    boolean isDone();

    /** Gives it up where it is not done: a message that nobody will send any more. */
    void cancel();
  }

  /** This rank, from 0. */
  int rank();

  int count();

  /**
   * Begins to send; messages of one tag between two ranks arrive in their order.
   *
   * @param tag from 0 to 32,767
   */
  Pending send(MemorySegment bytes, int to, int tag);

  /** Begins to receive what is as long as this memory. */
  Pending receive(MemorySegment bytes, int from, int tag);

  /**
   * Begins to bring the bytes of all ranks together, for all of them. All ranks begin such things
   * in the same order.
   *
   * @param own the same length everywhere; where it is its very place in {@code all} a copy is
   *     saved
   * @param all as long as those of all ranks, which it gets in their order
   */
  Pending gather(MemorySegment own, MemorySegment all);

  /** Ends all ranks at once, without a farewell; returns only where that is not possible. */
  void abort(int code);

  /** Ends the use of it, which waits for all ranks to do the same. */
  @Override
  void close();
}
