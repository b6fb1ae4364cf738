package medsora.cost;

import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.tensor.MemoryMeter;
import engine.tensor.MemoryWatch;
import engine.tensor.Tensor;
import java.util.function.Supplier;
import medsora.config.TrainConfig;
import medsora.diffusion.NetworkConfig;
import medsora.diffusion.NoisePredictor;
import medsora.vae.AutoencoderConfig;
import medsora.vae.ClipAutoencoder;
import nn.Mode;
import nn.Module;
import nn.Outline;

/**
 * The floats that a piece of work holds at once at most. The model's own code runs forward and
 * backward on shapes alone, and every allocation is counted from its beginning to its end, so that
 * temporaries are among it, and what is recycled early is counted no longer than it lives.
 *
 * @param parameters of the network that the work is for
 * @param beside parameters of the autoencoder that is held beside it; 0 where there is none
 * @param weights of the models that are held, buffers included
 * @param optimiser moments and moving averages
 * @param gradients sums of gradients that wait for the rest of their batch
 * @param step the most that one micro-batch, or the drawing of one clip, holds beside these
 */
public record PeakMemory(
    long parameters, long beside, long weights, long optimiser, long gradients, long step) {
  /** Moments of both orders and the moving average. */
  private static final int STATES = 3;

  /** Of the heap beside tensors: the program's own objects, clips in memory, latents. */
  private static final long OBJECTS = 40_000_000;

  /** Classes, compiled code and the stacks of threads. */
  private static final long MACHINE = 110_000_000;

  /** The collector's tables, as a share of the heap. */
  private static final double TABLES = 0.01;

  /** A training step of the autoencoder. */
  public static PeakMemory vae(TrainConfig config) {
    ClipAutoencoder vae = Outline.of(config.vae()::network);
    ModelRuns.setTrainable(vae, config);
    vae.setRecompute(config.vaeTraining().recompute());
    long step = training(vae.module(), () -> ModelRuns.loss(vae, config));
    long trained = trained(vae.module());
    return new PeakMemory(
        vae.module().parameterCount(),
        0,
        elements(vae.module()),
        STATES * trained,
        waiting(config.vaeTraining().batch()) * trained,
        step);
  }

  /** A training step of the denoiser, the autoencoder beside it, which encodes what is new. */
  public static PeakMemory denoiser(TrainConfig config) {
    ClipAutoencoder vae = Outline.of(config.vae()::network);
    NoisePredictor denoiser = Outline.of(config.denoiser()::network);
    Module network = denoiser.module();
    TrainConfig.DenoiserTraining t = config.denoiserTraining();
    denoiser.setRecompute(t.recompute());
    long step = training(network, () -> ModelRuns.loss(denoiser));
    long encoding = encoding(vae, config.clipFrames(), config.data().size());
    long trained = trained(network);
    int batch = Math.max(t.batch(), t.opening().epochs() > 0 ? t.opening().batch() : 1);
    return new PeakMemory(
        network.parameterCount(),
        vae.module().parameterCount(),
        elements(vae.module()) + elements(network),
        STATES * trained,
        waiting(batch) * trained,
        Math.max(step, encoding));
  }

  /**
   * Drawing clips, one after another.
   *
   * @param tile side of the latents that are decoded at once; the whole side for whole frames
   */
  public static PeakMemory sampling(NetworkConfig config, AutoencoderConfig vaeConfig, int tile) {
    ClipAutoencoder vae = Outline.of(vaeConfig::network);
    NoisePredictor denoiser = Outline.of(config::network);
    Module network = denoiser.module();
    NoisePredictor.Latents clip = config.latents();
    long prediction = inference(network, () -> ModelRuns.prediction(denoiser));
    long decoding =
        inference(
            vae.module(),
            () ->
                vae.decode(
                    ShapeStorage.tensor(1, clip.channels(), clip.videoFrames(), tile, tile),
                    Mode.EVAL));
    return new PeakMemory(
        network.parameterCount(),
        vae.module().parameterCount(),
        elements(vae.module()) + elements(network),
        0,
        0,
        Math.max(prediction, decoding));
  }

  /** All floats, in bytes. */
  public long bytes() {
    return 4 * (weights + optimiser + gradients + step);
  }

  /** Bytes of the heap beside these floats. */
  public long objectBytes() {
    return OBJECTS;
  }

  /** Bytes of the heap: the smallest one that the work fits into, a little on the safe side. */
  public long heapBytes() {
    return bytes() + OBJECTS;
  }

  /**
   * Bytes that the process holds with such a heap. With a larger one it holds more, for the Java
   * machine uses what it may before it collects.
   */
  public long processBytes() {
    return (long) ((1 + TABLES) * heapBytes()) + MACHINE;
  }

  private static long encoding(ClipAutoencoder vae, int frames, int size) {
    return inference(
        vae.module(),
        () -> vae.encode(ShapeStorage.tensor(1, 3, frames, size, size), Mode.EVAL).mean());
  }

  private static long training(Module module, Supplier<Tensor> loss) {
    return metered(
        module,
        () -> {
          try (Tape tape = Tape.open()) {
            tape.backward(loss.get());
          }
        });
  }

  private static long inference(Module module, Supplier<Tensor> forward) {
    return metered(
        module,
        () -> {
          try (Tape tape = Tape.noGrad()) {
            tape.keep(forward.get());
          }
        });
  }

  private static long metered(Module module, Runnable work) {
    MemoryMeter meter = new MemoryMeter();
    return Backends.with(
        new CountingKernels(module).kernels(),
        () -> {
          MemoryWatch.with(meter, work);
          return meter.peak();
        });
  }

  /**
   * Sets of gradients that wait in the binary tree of sums while a micro-batch is under way: as
   * many as there are ones in the number of those before it.
   */
  private static int waiting(int batch) {
    int most = 0;
    for (int before = 0; before < batch; before++) {
      most = Math.max(most, Integer.bitCount(before));
    }
    return most;
  }

  private static long elements(Module module) {
    return module.stateDict().values().stream().mapToLong(e -> e.value().size()).sum();
  }

  private static long trained(Module module) {
    return module.trainable().stream().mapToLong(p -> p.shape().size()).sum();
  }
}
