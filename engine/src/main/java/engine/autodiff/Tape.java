package engine.autodiff;

import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.MemoryScope;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Records ops in the order in which they run and walks back over them for gradients (reverse-mode
 * automatic differentiation). While a tape is open on a thread, ops whose inputs lead to a
 * parameter are recorded; with none open nothing is. A tape is a memory scope too: what ran under
 * it is recycled when it closes, except the gradients it returned and what was kept.
 *
 * <pre>{@code
 * try (Tape tape = Tape.open()) {
 *   Tensor loss = model.loss(x);
 *   Gradients g = tape.backward(loss);
 * }
 * }</pre>
 */
public final class Tape implements AutoCloseable {
  private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();

  private final Tape parent;
  private final MemoryScope memory;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<Object> produced = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Storage> read = Collections.newSetFromMap(new IdentityHashMap<>());
  private final boolean recording;

  private final @Nullable Tape recomputed;
  private final @Nullable Tape watched;

  /** Leaves of the watched tape that were met. */
  private final Set<Object> met = Collections.newSetFromMap(new IdentityHashMap<>());

  private boolean touched;
  private boolean closed;
  private boolean consumed;

  private Tape(boolean recording, @Nullable Tape recomputed, @Nullable Tape watched) {
    this.parent = CURRENT.get();
    this.memory = MemoryScope.open();
    this.recording = recording;
    this.recomputed = recomputed;
    this.watched = watched;
    CURRENT.set(this);
  }

  public static Tape open() {
    return new Tape(true, null, null);
  }

  /** Stops recording until closed (PyTorch: no_grad). Its memory is recycled at close as well. */
  public static Tape noGrad() {
    return new Tape(false, null, null);
  }

  /** A tape for running a part of another tape again: what that one tracks is a leaf here. */
  static Tape inside(Tape outer) {
    return new Tape(true, outer, null);
  }

  /** Stops recording and notes whether the work meets anything that another tape tracks. */
  static Tape watching(Tape outer) {
    return new Tape(false, null, outer);
  }

  /** Whether a gradient runs through what ran under a {@link #watching} tape to its results. */
  boolean wasTouched(List<Tensor> results) {
    results.forEach(this::meet);
    return touched;
  }

  /** The leaves of the other tape that a {@link #watching} tape met; their order means nothing. */
  List<Object> metLeaves() {
    return List.copyOf(met);
  }

  /** Runs an op on the current backend and records it if a gradient may be asked for. */
  public static Tensor apply(Op op, Tensor... inputs) {
    List<Tensor> in = List.of(inputs);
    Shape expected = op.infer(in.stream().map(Tensor::shape).toList());
    Tape tape = CURRENT.get();
    Saved saved = new Saved(in, needs(tape, in));
    Tensor out;
    // What forward allocates beside its result and what backward needs is recycled.
    try (MemoryScope scratch = MemoryScope.open()) {
      out = op.forward(Backends.current(), in, saved);
      scratch.keep(out);
      if (saved.needsAny()) {
        saved.kept().forEach(scratch::keep);
      }
    }
    if (!out.shape().equals(expected)) {
      throw new IllegalStateException(
          "[" + op.name() + "] forward gave " + out.shape() + ", its rule says " + expected);
    }
    FiniteCheck.check(op.name(), out);
    if (saved.needsAny()) {
      saved.retain(op, out);
      List<Target> targets = in.stream().map(tape::target).toList();
      tape.record(
          List.of(out), new OpBackward(op, saved, targets), saved.storages(), leaves(targets));
    }
    return out;
  }

  private static boolean[] needs(Tape tape, List<Tensor> inputs) {
    boolean[] needs = new boolean[inputs.size()];
    if (tape != null && tape.recording) {
      for (int i = 0; i < needs.length; i++) {
        needs[i] = tape.tracks(inputs.get(i));
      }
    } else if (tape != null && tape.watched != null) {
      inputs.forEach(tape::meet);
    }
    return needs;
  }

  /** Notes on a {@link #watching} tape that a value takes part. */
  void meet(Tensor input) {
    Tape other = Objects.requireNonNull(watched);
    if (other.tracks(input)) {
      touched = true;
      if (other.isLeaf(input)) {
        met.add(input.identity());
      }
    }
  }

  private static List<Object> leaves(List<Target> targets) {
    return targets.stream().filter(t -> t.leaf() != null).map(Target::identity).toList();
  }

  /** Whether a tape records on this thread. */
  public static boolean isRecordingNow() {
    Tape tape = CURRENT.get();
    return tape != null && tape.recording;
  }

  /**
   * Runs a part of a forward pass. All memory that the part used is recycled at once, except its
   * result and, while a tape records, what gradients will read. The body must not keep other
   * tensors.
   */
  public static Tensor scoped(Supplier<Tensor> body) {
    try (MemoryScope scope = MemoryScope.open()) {
      Tensor y = scope.keep(body.get());
      if (isRecordingNow()) {
        scope.keepIf(CURRENT.get().read::contains);
      }
      return y;
    }
  }

  /**
   * Runs the next part of a chain as {@link #scoped} does. The memory of x goes back as soon as the
   * part has its result, unless gradients will read it: for values that nobody else reads
   * afterwards.
   */
  public static Tensor consume(Tensor x, UnaryOperator<Tensor> body) {
    Tensor y = scoped(() -> body.apply(x));
    if (y.storage() != x.storage()) {
      discard(x);
    }
    return y;
  }

  /** Gives the memory of a value back that nobody reads any more, unless gradients will. */
  public static void discard(Tensor x) {
    if (!isRecordingNow()) {
      x.storage().release();
    } else if (!CURRENT.get().read.contains(x.storage())) {
      CURRENT.get().memory.release(x.storage());
    }
  }

  static Tape current() {
    return CURRENT.get();
  }

  boolean isRecording() {
    return recording;
  }

  boolean tracks(Tensor tensor) {
    return isLeaf(tensor) || produced.contains(tensor.identity());
  }

  /** Where a gradient for a tensor goes: only leaves are held themselves. */
  Target target(Tensor tensor) {
    return new Target(tensor.identity(), isLeaf(tensor) ? tensor : null);
  }

  void record(List<Tensor> outputs, Backward backward, List<Storage> reads, List<Object> leaves) {
    List<Object> identities = outputs.stream().map(Tensor::identity).toList();
    nodes.add(new Node(identities, backward, reads, leaves));
    read.addAll(reads);
    produced.addAll(identities);
  }

  List<Node> nodes() {
    return nodes;
  }

  /**
   * The memory that gradients will read, each storage once: what a training step holds when its
   * forward pass has ended. Parameters are among it where a gradient reads them.
   */
  public Set<Storage> savedStorages() {
    Set<Storage> saved = Collections.newSetFromMap(new IdentityHashMap<>());
    nodes.forEach(node -> saved.addAll(node.reads()));
    saved.removeIf(Storage::isReleased);
    return saved;
  }

  /** Lets a tensor that was computed under this tape outlive it. */
  public Tensor keep(Tensor tensor) {
    return memory.keep(tensor);
  }

  /**
   * Gradients of a scalar loss for every parameter it depends on. The walk consumes the tape: the
   * memory of intermediate values is recycled as soon as no step needs it; read them before, or
   * {@link #keep} them.
   */
  public Gradients backward(Tensor loss) {
    return backward(List.of(loss), List.of(seed(loss)));
  }

  /**
   * The same, with each gradient handed over as soon as the rest of the walk adds nothing to it,
   * while the walk goes on: for whoever sends it away. The bits are the same.
   *
   * @param complete is told each parameter, once, and its gradient, whose memory it takes over; it
   *     runs on this thread, and must not compute under a tape
   */
  public void backward(Tensor loss, BiConsumer<Tensor, Tensor> complete) {
    walkBack(List.of(loss), List.of(seed(loss)), complete, true);
  }

  private static Tensor seed(Tensor loss) {
    if (loss.size() != 1) {
      throw new IllegalArgumentException(
          "[backward] wants a loss of one element, got " + loss.shape() + "; or pass its gradient");
    }
    return Tensor.full(loss.shape(), 1f);
  }

  /** Gradients of sum(outputs * gradOutputs) for every parameter that the outputs depend on. */
  public Gradients backward(List<Tensor> outputs, List<Tensor> gradOutputs) {
    Gradients gradients = new Gradients();
    walkBack(outputs, gradOutputs, gradients::put, false);
    return gradients;
  }

  /**
   * Tells the gradients of leaves.
   *
   * @param early each as soon as it is complete, or else all behind the walk
   */
  private void walkBack(
      List<Tensor> outputs,
      List<Tensor> gradOutputs,
      BiConsumer<Tensor, Tensor> complete,
      boolean early) {
    if (consumed) {
      throw new IllegalStateException("[backward] an earlier backward has consumed this tape");
    }
    consumed = true;
    Kernels kernels = Backends.current();
    Tape paused = CURRENT.get();
    CURRENT.set(null);
    try {
      Accumulator sums = new Accumulator(kernels, memory, null);
      gradOutputs.forEach(sums::borrow);
      for (int i = outputs.size() - 1; i >= 0; i--) {
        sums.add(target(outputs.get(i)), gradOutputs.get(i));
      }
      read.clear();
      sums.walk(nodes, early ? complete : null);
      nodes.clear();
      sums.tellLeaves(complete);
    } finally {
      CURRENT.set(paused);
    }
  }

  /** Sums for a walk inside a walk: what reaches a leaf here is handed on to the outer sums. */
  Accumulator accumulator(Accumulator outer) {
    Tape other = Objects.requireNonNull(recomputed);
    return new Accumulator(
        Backends.current(),
        memory,
        (leaf, gradient) ->
            outer.addOwned(other.target(Objects.requireNonNull(leaf.leaf())), gradient));
  }

  private boolean isLeaf(Tensor tensor) {
    boolean leads = tensor.requiresGrad() || (recomputed != null && recomputed.tracks(tensor));
    return leads && !produced.contains(tensor.identity());
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (CURRENT.get() != this) {
      throw new IllegalStateException("[tape] tapes must close in the reverse order of opening");
    }
    memory.close();
    CURRENT.set(parent);
    closed = true;
  }

  /**
   * Where a gradient goes.
   *
   * @param leaf the parameter itself, or null for what was computed under the tape
   */
  record Target(Object identity, @Nullable Tensor leaf) {}

  /**
   * One recorded step: what came out, how a gradient runs back through it, the memory that this
   * reads, and the leaves to which it adds. What came out is not held by the tape unless some step
   * reads it.
   */
  record Node(List<Object> outputs, Backward backward, List<Storage> reads, List<Object> leaves) {}

  /** Sends the gradients of a node's outputs (null where unused) on to what it was made from. */
  interface Backward {
    void run(Kernels kernels, List<Tensor> gradOutputs, Accumulator sink);
  }

  private record OpBackward(Op op, Saved saved, List<Target> targets) implements Backward {
    @Override
    public void run(Kernels kernels, List<Tensor> gradOutputs, Accumulator sink) {
      List<Tensor> gradients = new ArrayList<>();
      // What backward allocated beside the gradients that are wanted is recycled here.
      try (MemoryScope scratch = MemoryScope.open()) {
        List<Tensor> all = op.backward(kernels, saved, gradOutputs.get(0));
        for (int i = 0; i < saved.inputCount(); i++) {
          boolean wanted = saved.needs(i) && all.get(i) != null;
          gradients.add(wanted ? scratch.keep(all.get(i)) : null);
          if (wanted) {
            check(all.get(i), i);
          }
        }
      }
      sink.addAll(targets, gradients);
    }

    private void check(Tensor gradient, int i) {
      if (!gradient.shape().equals(saved.input(i).shape())) {
        throw new IllegalStateException(
            "[%s] gradient %d is %s, its input %s"
                .formatted(op.name(), i, gradient.shape(), saved.input(i).shape()));
      }
      if (saved.uses(gradient.storage())) {
        throw new IllegalStateException(
            "[%s] gradient %d is the memory of a saved value: return a copy"
                .formatted(op.name(), i));
      }
      FiniteCheck.check(op.name() + " gradient " + i, gradient);
    }
  }
}
