package tools.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.kernel.Backends;
import engine.kernel.InterceptedKernels;
import engine.kernel.Kernels;
import engine.tensor.MemoryWatch;
import engine.tensor.Shape;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import medsora.config.Config;
import medsora.config.TrainConfig;
import medsora.cost.Counted;
import medsora.cost.ModelRuns;
import medsora.cost.PeakMemory;
import medsora.denoiser.Denoiser;
import medsora.denoiser.DenoiserConfig;
import medsora.vae.Vae;
import medsora.vae.VaeConfig;
import nn.Mode;
import nn.Module;
import nn.Outline;
import org.junit.jupiter.api.Test;
import tools.inspect.MemoryLedger.Kind;
import tools.inspect.MemoryLedger.Peak;

/** What is counted on shapes against the live bytes of real runs. */
class MemoryTableTest {
  private static Tensor values(Shape shape) {
    return Tensor.generate(shape, i -> Math.sin(3 * i));
  }

  private static Peak onShapes(Module module, Supplier<MemoryLedger> work) {
    return Counted.run(module, () -> work.get().peak());
  }

  /** A watch that nobody asks. */
  private static final MemoryWatch UNSEEN =
      new MemoryWatch() {
        @Override
        public void took(Storage storage) {}

        @Override
        public void gave(Storage storage) {}
      };

  /** On real kernels; their own scratch memory, gone when each returns, is left out. */
  private static Peak real(Supplier<MemoryLedger> work) {
    Kernels kernels = Backends.current();
    Kernels apart =
        InterceptedKernels.of(call -> {
          if (call.name().equals("allocate")) {
            return call.on(kernels);
          }
          Object[] result = new Object[1];
          MemoryWatch.with(UNSEEN, () -> result[0] = call.on(kernels));
          return result[0];
        });
    return Backends.with(apart, () -> work.get().peak());
  }

  private static Map<Kind, Long> kinds(Peak peak) {
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    peak.live().forEach((storage, kind) -> sums.merge(kind, (long) storage.size(), Long::sum));
    return sums;
  }

  private static void same(Peak real, Peak counted, String what) {
    assertEquals(real.floats(), counted.floats(), what);
    assertEquals(real.phase(), counted.phase(), what);
    assertEquals(kinds(real), kinds(counted), what);
  }

  @Test
  void theDenoiserHoldsWhatIsCounted() throws IOException {
    for (String profile : new String[] {"paper", "reference"}) {
      DenoiserConfig c =
          DenoiserConfig.of(
              Config.read("tiny", Map.of("profile", profile, "denoiser.window", "4")).denoiser());
      Denoiser outline = Outline.of(() -> new Denoiser(c));
      Denoiser denoiser = new Denoiser(c);
      denoiser.initialize(1);
      Tensor x = values(ModelRuns.clip(denoiser).shape());
      same(
          real(() -> MemoryLedger.inference(() -> ModelRuns.prediction(denoiser, x))),
          onShapes(outline, () -> MemoryLedger.inference(() -> ModelRuns.prediction(outline))),
          profile);
      for (boolean recompute : new boolean[] {false, true}) {
        outline.setRecompute(recompute);
        denoiser.setRecompute(recompute);
        same(
            real(() -> MemoryLedger.training(() -> ModelRuns.loss(denoiser, x))),
            onShapes(outline, () -> MemoryLedger.training(() -> ModelRuns.loss(outline))),
            profile + ", recompute " + recompute);
      }
    }
  }

  @Test
  void theAutoencoderHoldsWhatIsCounted() throws IOException {
    for (VaeConfig.Compensation compensation :
        List.of(VaeConfig.Compensation.PAPER, VaeConfig.Compensation.RELEASED)) {
      TrainConfig c =
          Config.read(
              "tiny",
              Map.of(
                  "vaeTraining.scope", "compensation",
                  "vaeTraining.frames", "24",
                  "vae.compensation", compensation.name().toLowerCase(Locale.ROOT)));
      Vae outline = Outline.of(() -> new Vae(VaeConfig.of(c.vae())));
      Vae vae = new Vae(VaeConfig.of(c.vae()));
      vae.initialize(1);
      ModelRuns.setTrainable(outline, c);
      ModelRuns.setTrainable(vae, c);
      int size = c.data().size();
      Shape clip = Shape.of(1, 3, 24, size, size);
      same(
          real(() -> MemoryLedger.inference(() -> vae.encode(values(clip), Mode.EVAL).mean())),
          onShapes(
              outline,
              () ->
                  MemoryLedger.inference(
                      () -> outline.encode(Counted.tensor(clip.dims()), Mode.EVAL).mean())),
          "encoding");
      long[] most = new long[2];
      for (boolean recompute : new boolean[] {false, true}) {
        outline.setRecompute(recompute);
        vae.setRecompute(recompute);
        Peak counted =
            onShapes(outline, () -> MemoryLedger.training(() -> ModelRuns.loss(outline, c)));
        same(
            real(() -> MemoryLedger.training(() -> ModelRuns.loss(vae, values(clip)))),
            counted,
            compensation + ", recompute " + recompute);
        most[recompute ? 1 : 0] = counted.floats();
      }
      assertTrue(most[1] < most[0] / 2, most[1] + " of " + most[0]);
    }
  }

  /** The paper's way with the autoencoder of CogVideoX: 24 frames of 128x128, in 6 GB. */
  @Test
  void fineTuningFitsSixGigabytes() throws IOException {
    for (String profile : new String[] {"paper", "reference"}) {
      TrainConfig c =
          Config.read(
              "medsora-b",
              Map.of(
                  "profile", profile,
                  "vaeTraining.scope", "compensation",
                  "vaeTraining.recompute", "true"));
      assertEquals(24, c.vaeTraining().frames());
      assertTrue(PeakMemory.vae(c).bytes() < 6e9, () -> profile + PeakMemory.vae(c));
    }
  }

  @Test
  void theTableSaysWhatIsAliveAndWhen() throws IOException {
    List<String> lines = Inspection.of("tiny", null).memory();
    String text = String.join("\n", lines);
    assertTrue(text.contains("denoiser, a training step of one clip, recomputation on"), text);
    assertTrue(text.contains("blocks.1"), text);
    assertTrue(text.contains("decoder.up_blocks.3"), text);
    assertEquals(7, lines.stream().filter(l -> l.startsWith("  peak ")).count());
  }
}
