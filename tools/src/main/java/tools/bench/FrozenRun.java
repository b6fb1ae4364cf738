package tools.bench;

import engine.tensor.Tensor;
import java.util.function.BinaryOperator;
import medsora.cost.Counted;
import medsora.dino.Vit;
import medsora.dino.VitConfig;
import medsora.flow.raft.Raft;
import medsora.flow.raft.RaftConfig;
import medsora.flow.raft.RaftEstimator;
import nn.Module;
import nn.Outline;

/**
 * A frozen network of the alignment on what a clip asks of it.
 *
 * @param count pictures, or pairs of them
 * @param size of the pictures
 */
record FrozenRun(Network network, int count, int size) implements Operation {
  /** Which network. */
  enum Network {
    /** RAFT basic, 20 iterations. */
    RAFT {
      @Override
      Module open() {
        return new Raft(RaftConfig.BASIC);
      }

      @Override
      BinaryOperator<Tensor> pass(Module module) {
        Raft raft = (Raft) module;
        return (a, b) -> raft.forward(a, b, RaftEstimator.ITERATIONS).flow();
      }
    },
    /** DINO's ViT-S/8. */
    DINO {
      @Override
      Module open() {
        return new Vit(VitConfig.S8);
      }

      @Override
      BinaryOperator<Tensor> pass(Module module) {
        Vit vit = (Vit) module;
        return (a, unused) -> vit.layers(a).getLast();
      }
    };

    abstract Module open();

    abstract BinaryOperator<Tensor> pass(Module module);
  }

  @Override
  public Work work() {
    Module outline = Outline.of(network::open);
    BinaryOperator<Tensor> pass = network.pass(outline);
    Tensor a = pictures(Counted::tensor);
    Tensor b = pictures(Counted::tensor);
    long products = Counted.multiplyAdds(outline, () -> seen(pass, a, b));
    return Work.products(products, outline.parameterCount());
  }

  private static Tensor seen(BinaryOperator<Tensor> pass, Tensor a, Tensor b) {
    return pass.apply(a, b);
  }

  @Override
  public Task open(Task.Tensors tensors) {
    Module module = network.open();
    module.initialize(1);
    module.setTrainable(false);
    BinaryOperator<Tensor> pass = network.pass(module);
    Tensor a = pictures(tensors);
    Tensor b = pictures(tensors);
    return Task.forward(() -> seen(pass, a, b));
  }

  private Tensor pictures(Task.Tensors tensors) {
    return tensors.of(count, 3, size, size);
  }
}
