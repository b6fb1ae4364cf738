package engine.ranks;

import engine.kernel.NativeSignals;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** MPI, which all processes of the launcher have started. */
final class MpiTransport implements Transport {
  private final MpiCalls calls;
  private final int rank;
  private final int count;

  private MpiTransport(MpiCalls calls) {
    this.calls = calls;
    this.rank = calls.rank();
    this.count = calls.count();
  }

  /**
   * Starts MPI and waits for the other processes to do so. What MPI's libraries take of the
   * process's signals is given back.
   *
   * @throws RanksException where there is no library, or one of another launcher
   */
  static MpiTransport open(Launch launch) {
    MpiLibrary library = MpiLibrary.open(launch);
    MpiCalls calls = new MpiCalls(library);
    MpiTransport opened =
        NativeSignals.kept(() -> {
          calls.init();
          return new MpiTransport(calls);
        });
    if (opened.count != launch.count()) {
      throw new RanksException(
          "[ranks] the launcher started %d processes, and %s (%s) knows of %d: it belongs to another"
                  .formatted(launch.count(), library.name(), calls.version(), opened.count)
              + " launcher; name the right one: JAVA_OPTS=-D"
              + MpiLibrary.PROPERTY
              + "=/path/to/libmpi.so");
    }
    return opened;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int count() {
    return count;
  }

  /** What the library says it is. */
  @Override
  public String toString() {
    return calls.version();
  }

  @Override
  public Pending send(MemorySegment bytes, int to, int tag) {
    Request request = new Request();
    calls.send(bytes, to, tag, request.handle);
    return request;
  }

  @Override
  public Pending receive(MemorySegment bytes, int from, int tag) {
    Request request = new Request();
    calls.receive(bytes, from, tag, request.handle);
    return request;
  }

  @Override
  public Pending gather(MemorySegment own, MemorySegment all) {
    Request request = new Request();
    boolean isThere = own.address() == all.address() + (rank * own.byteSize());
    calls.gather(own, isThere, all, request.handle);
    return request;
  }

  /** A handle and the flag of its test, which live as long as somebody asks. */
  private final class Request implements Pending {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment handle = arena.allocate(ValueLayout.JAVA_LONG);
    private final MemorySegment flag = arena.allocate(ValueLayout.JAVA_INT);

    @Override
    public boolean isDone() {
      return calls.test(handle, flag);
    }

    @Override
    public void cancel() {
      calls.giveUp(handle);
    }
  }

  @Override
  public void abort(int code) {
    calls.abort(code);
  }

  @Override
  public void close() {
    NativeSignals.kept(() -> {
      calls.finish();
      return this;
    });
  }
}
