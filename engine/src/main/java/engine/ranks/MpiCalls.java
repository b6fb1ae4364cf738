package engine.ranks;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;

/**
 * The functions of an MPI library that are used, over one difference: a handle is an address in
 * Open MPI and a number in MPICH. Here it is a long, which each call narrows or widens. All calls
 * go through one lock, as MPI_THREAD_SERIALIZED wants it, and none of them waits for another rank
 * but {@link #init} and {@link #finish}. No call is a critical one: those stop the collector.
 */
final class MpiCalls {
  private static final int SERIALIZED = 2;

  /** More than MPI_MAX_LIBRARY_VERSION_STRING of any library, 8,192 in MPICH. */
  private static final int WORDS = 1 << 14;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;

  private final Linker linker = Linker.nativeLinker();
  private final MpiLibrary library;
  private final boolean addresses;
  private final long world;
  private final long bytes;
  private final MemorySegment noStatus;
  private final MemorySegment inPlace;

  private final MethodHandle send;
  private final MethodHandle receive;
  private final MethodHandle gather;
  private final MethodHandle test;
  private final MethodHandle cancel;
  private final MethodHandle free;

  MpiCalls(MpiLibrary library) {
    this.library = library;
    this.addresses = library.hasAddresses();
    this.world = addresses ? symbol("ompi_mpi_comm_world") : 0x44000000;
    this.bytes = addresses ? symbol("ompi_mpi_byte") : 0x4c00010d;
    // MPI_STATUS_IGNORE.
    this.noStatus = MemorySegment.ofAddress(addresses ? 0 : 1);
    // MPI_IN_PLACE.
    this.inPlace = MemorySegment.ofAddress(addresses ? 1 : -1);
    MemoryLayout handle = addresses ? ADDRESS : INT;
    this.send = function("MPI_Isend", ADDRESS, INT, handle, INT, INT, handle, ADDRESS);
    this.receive = function("MPI_Irecv", ADDRESS, INT, handle, INT, INT, handle, ADDRESS);
    this.gather =
        function("MPI_Iallgather", ADDRESS, INT, handle, ADDRESS, INT, handle, handle, ADDRESS);
    this.test = function("MPI_Test", ADDRESS, ADDRESS, ADDRESS);
    this.cancel = function("MPI_Cancel", ADDRESS);
    this.free = function("MPI_Request_free", ADDRESS);
  }

  private long symbol(String name) {
    return library.symbols().find(name).orElseThrow(() -> lacks(name)).address();
  }

  private RanksException lacks(String name) {
    return new RanksException("[ranks] " + library.name() + " has no " + name);
  }

  /** A function that returns a code of error; its handles are taken as longs. */
  private MethodHandle function(String name, MemoryLayout... parameters) {
    MemorySegment at = library.symbols().find(name).orElseThrow(() -> lacks(name));
    MethodHandle call = linker.downcallHandle(at, FunctionDescriptor.of(INT, parameters));
    int handle = 0;
    for (MemoryLayout each : parameters) {
      // Of addresses those alone that stand where the numbers of MPICH would.
      if (isHandle(name, handle)) {
        call = ofLong(call, handle, each);
      }
      handle++;
    }
    return call;
  }

  private static boolean isHandle(String name, int at) {
    return switch (name) {
      case "MPI_Isend", "MPI_Irecv" -> at == 2 || at == 5;
      case "MPI_Iallgather" -> at == 2 || at == 5 || at == 6;
      case "MPI_Comm_rank", "MPI_Comm_size", "MPI_Abort" -> at == 0;
      case "MPI_Comm_set_errhandler" -> true;
      default -> false;
    };
  }

  private static MethodHandle ofLong(MethodHandle call, int at, MemoryLayout handle) {
    if (handle instanceof AddressLayout) {
      return MethodHandles.filterArguments(call, at, TO_ADDRESS);
    }
    MethodType type = call.type().changeParameterType(at, long.class);
    return MethodHandles.explicitCastArguments(call, type);
  }

  private static final MethodHandle TO_ADDRESS = toAddress();

  private static MethodHandle toAddress() {
    try {
      return MethodHandles.lookup()
          .findStatic(
              MemorySegment.class,
              "ofAddress",
              MethodType.methodType(MemorySegment.class, long.class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts MPI, which waits for the others; errors are returned from here on. */
  synchronized void init() {
    MethodHandle init = function("MPI_Init_thread", ADDRESS, ADDRESS, INT, ADDRESS);
    MemoryLayout handle = addresses ? ADDRESS : INT;
    MethodHandle handler = function("MPI_Comm_set_errhandler", handle, handle);
    long returning = addresses ? symbol("ompi_mpi_errors_return") : 0x54000001;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment level = arena.allocate(INT);
      MemorySegment none = MemorySegment.NULL;
      require("MPI_Init_thread", (int) init.invokeExact(none, none, SERIALIZED, level));
      if (level.get(INT, 0) < SERIALIZED) {
        throw new RanksException(
            "[ranks] %s lets one thread alone call it: take a build with threads"
                .formatted(library.name()));
      }
      require("MPI_Comm_set_errhandler", (int) handler.invokeExact(world, returning));
    } catch (Throwable e) {
      throw failed("MPI_Init_thread", e);
    }
  }

  synchronized int rank() {
    return number("MPI_Comm_rank");
  }

  synchronized int count() {
    return number("MPI_Comm_size");
  }

  private int number(String name) {
    MethodHandle call = function(name, addresses ? ADDRESS : INT, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(INT);
      require(name, (int) call.invokeExact(world, value));
      return value.get(INT, 0);
    } catch (Throwable e) {
      throw failed(name, e);
    }
  }

  /** The first line of what the library says it is. */
  synchronized String version() {
    MethodHandle call = function("MPI_Get_library_version", ADDRESS, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(WORDS);
      MemorySegment length = arena.allocate(INT);
      require("MPI_Get_library_version", (int) call.invokeExact(words, length));
      String all = words.getString(0, StandardCharsets.ISO_8859_1);
      return all.lines().findFirst().orElse("").replaceAll("\\s+", " ");
    } catch (Throwable e) {
      throw failed("MPI_Get_library_version", e);
    }
  }

  synchronized void send(MemorySegment data, int to, int tag, MemorySegment request) {
    try {
      require(
          "MPI_Isend", (int) send.invokeExact(data, size(data), bytes, to, tag, world, request));
    } catch (Throwable e) {
      throw failed("MPI_Isend", e);
    }
  }

  synchronized void receive(MemorySegment data, int from, int tag, MemorySegment request) {
    try {
      require(
          "MPI_Irecv",
          (int) receive.invokeExact(data, size(data), bytes, from, tag, world, request));
    } catch (Throwable e) {
      throw failed("MPI_Irecv", e);
    }
  }

  /**
   * Begins to gather.
   *
   * @param isThere whether the own bytes stand in {@code all} already, which saves a copy
   */
  synchronized void gather(
      MemorySegment own, boolean isThere, MemorySegment all, MemorySegment request) {
    int each = size(own);
    MemorySegment from = isThere ? inPlace : own;
    try {
      require(
          "MPI_Iallgather",
          (int) gather.invokeExact(from, each, bytes, all, each, bytes, world, request));
    } catch (Throwable e) {
      throw failed("MPI_Iallgather", e);
    }
  }

  /** Whether a request is done; moves all others on. */
  synchronized boolean test(MemorySegment request, MemorySegment flag) {
    try {
      require("MPI_Test", (int) test.invokeExact(request, flag, noStatus));
      return flag.get(INT, 0) != 0;
    } catch (Throwable e) {
      throw failed("MPI_Test", e);
    }
  }

  synchronized void giveUp(MemorySegment request) {
    try {
      require("MPI_Cancel", (int) cancel.invokeExact(request));
      require("MPI_Request_free", (int) free.invokeExact(request));
    } catch (Throwable e) {
      throw failed("MPI_Cancel", e);
    }
  }

  /** Not behind the lock: who holds it may be the one that waits. */
  void abort(int code) {
    MethodHandle call = function("MPI_Abort", addresses ? ADDRESS : INT, INT);
    try {
      int unused = (int) call.invokeExact(world, code);
    } catch (Throwable e) {
      throw failed("MPI_Abort", e);
    }
  }

  synchronized void finish() {
    MethodHandle call = function("MPI_Finalize");
    try {
      require("MPI_Finalize", (int) call.invokeExact());
    } catch (Throwable e) {
      throw failed("MPI_Finalize", e);
    }
  }

  private static int size(MemorySegment data) {
    return Math.toIntExact(data.byteSize());
  }

  private static void require(String name, int code) {
    if (code != 0) {
      throw new RanksException("[ranks] " + name + " failed with code " + code);
    }
  }

  private static RuntimeException failed(String name, Throwable e) {
    return switch (e) {
      case Error error -> throw error;
      case RuntimeException r -> r;
      default -> new RanksException("[ranks] " + name, e);
    };
  }
}
