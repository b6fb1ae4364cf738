package tools.inspect;

import engine.autodiff.Gradients;
import engine.autodiff.Recompute;
import engine.autodiff.Tape;
import engine.tensor.MemoryWatch;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import nn.Module;

/**
 * Writes down every beginning and end of memory during one piece of work, with real kernels or on
 * shapes alone. Afterwards it says when the most was held, and of what kind that was.
 */
final class MemoryLedger implements MemoryWatch {
  /** When memory began. */
  enum Phase {
    FORWARD,
    /** A part of the forward pass that runs again in backward. */
    AGAIN,
    BACKWARD
  }

  /** What memory holds. */
  enum Kind {
    /** Gradients of weights. */
    GRADIENTS,
    /** What gradients will read. */
    SAVED,
    /** Activations of a part that runs again in backward. */
    AGAIN,
    /** Temporaries and the gradients of activations. */
    PASSING
  }

  private record Event(Storage storage, Phase phase, boolean begins) {}

  private final List<Event> events = new ArrayList<>();
  private Set<Storage> saved = Set.of();
  private final Map<Storage, Tensor> leaves = new IdentityHashMap<>();
  private boolean backward;

  /** Runs a training step of one sample. */
  static MemoryLedger training(Supplier<Tensor> loss) {
    MemoryLedger ledger = new MemoryLedger();
    MemoryWatch.with(ledger, () -> ledger.step(loss));
    return ledger;
  }

  /** Runs a forward pass that nothing differentiates. */
  static MemoryLedger inference(Supplier<Tensor> forward) {
    MemoryLedger ledger = new MemoryLedger();
    MemoryWatch.with(
        ledger,
        () -> {
          try (Tape tape = Tape.noGrad()) {
            tape.keep(forward.get());
          }
        });
    return ledger;
  }

  private void step(Supplier<Tensor> loss) {
    try (Tape tape = Tape.open()) {
      Tensor value = loss.get();
      saved = tape.savedStorages();
      backward = true;
      Gradients gradients = tape.backward(value);
      for (Tensor leaf : gradients.leaves()) {
        leaves.put(gradients.of(leaf).storage(), leaf);
      }
    }
  }

  @Override
  public void took(Storage storage) {
    Phase inBackward = Recompute.isRunningAgain() ? Phase.AGAIN : Phase.BACKWARD;
    events.add(new Event(storage, backward ? inBackward : Phase.FORWARD, true));
  }

  @Override
  public void gave(Storage storage) {
    events.add(new Event(storage, null, false));
  }

  /**
   * The moment when the most was held.
   *
   * @param floats that were held
   * @param phase of the work
   * @param last what was allocated at this moment
   * @param live what was held, by kind
   * @param leaves the weights whose gradients are among it
   */
  record Peak(
      long floats,
      Phase phase,
      Storage last,
      Map<Storage, Kind> live,
      Map<Storage, Tensor> leaves) {}

  Peak peak() {
    int at = -1;
    long now = 0;
    long most = 0;
    for (int i = 0; i < events.size(); i++) {
      Event e = events.get(i);
      now += e.begins() ? e.storage().size() : -e.storage().size();
      if (now > most) {
        most = now;
        at = i;
      }
    }
    if (at < 0) {
      throw new IllegalStateException("[memory] this work allocates nothing");
    }
    Map<Storage, Kind> live = new IdentityHashMap<>();
    for (Event e : events.subList(0, at + 1)) {
      if (e.begins()) {
        live.put(e.storage(), kind(e));
      } else {
        live.remove(e.storage());
      }
    }
    Event last = events.get(at);
    return new Peak(most, last.phase(), last.storage(), live, Collections.unmodifiableMap(leaves));
  }

  private Kind kind(Event e) {
    if (leaves.containsKey(e.storage())) {
      return Kind.GRADIENTS;
    }
    return switch (e.phase()) {
      case AGAIN -> Kind.AGAIN;
      case FORWARD -> saved.contains(e.storage()) ? Kind.SAVED : Kind.PASSING;
      case BACKWARD -> Kind.PASSING;
    };
  }

  /** The floats of every module's weights are not among what is counted here. */
  static long weights(Module module) {
    return module.stateDict().values().stream().mapToLong(e -> e.value().size()).sum();
  }
}
