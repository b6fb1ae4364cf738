package engine.kernel.simd;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.Conv3dArgs;
import engine.kernel.Conv3dArgs.GradAxis;
import engine.kernel.Conv3dKernels;
import engine.kernel.Workers;
import engine.kernel.simd.SimdConv3dCorrelation.Products;
import engine.kernel.simd.SimdConv3dCorrelation.Target;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 3-D convolution and its gradient by the input, with the bits of {@link
 * engine.kernel.scalar.ScalarConv3d}. Both are correlations over a padded copy of their source
 * ({@link SimdConv3dVolume}); gradInput is one per residue class of the stride.
 */
final class SimdConv3d implements Conv3dKernels {
  /** Padded copies are made for as many samples at a time as fit this many floats (64 MB). */
  private static final int COPY = 1 << 24;

  private final Workers workers;

  SimdConv3d(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(
      Conv3dArgs args, Storage x, Storage weight, Storage bias, boolean relu, Storage y) {
    Ending ending = Ending.of(readOnlyOrNull(bias), relu);
    Arrays of = new Arrays(readOnly(x), readOnly(weight), ending, array(y), weight);
    forward(workers, args, of);
  }

  @Override
  public void gradInput(Conv3dArgs args, Storage gradOutput, Storage weight, Storage gradInput) {
    SimdConv3dVolume volume = SimdConv3dVolume.gradOutput(args);
    SimdConv3dCorrelation[] classes = residueClasses(args, volume, false);
    Arrays of =
        new Arrays(readOnly(gradOutput), readOnly(weight), Ending.PLAIN, array(gradInput), null);
    run(workers, classes, volume, args.n(), of);
  }

  @Override
  public void gradWeight(Conv3dArgs args, Storage x, Storage gradOutput, Storage gradWeight) {
    SimdConv3dGradWeight.run(workers, args, readOnly(x), readOnly(gradOutput), array(gradWeight));
  }

  static void forward(
      Workers workers, Conv3dArgs a, float[] x, float[] weight, float[] bias, float[] y) {
    forward(workers, a, new Arrays(x, weight, Ending.of(bias, false), y, null));
  }

  private static void forward(Workers workers, Conv3dArgs a, Arrays of) {
    SimdConv3dVolume volume = SimdConv3dVolume.input(a);
    int[] source = tapOffsets(a, volume);
    int[] weightAt = new int[source.length];
    for (int k = 0; k < weightAt.length; k++) {
      weightAt[k] = k;
    }
    Products products =
        new Products(
            a.groups(),
            a.groupOut(),
            source,
            a.groupIn() * volume.channel,
            weightAt,
            source.length,
            a.groupOut() * source.length);
    Target target =
        new Target(
            a.to(),
            a.ho(),
            a.wo(),
            0,
            a.ho() * a.wo(),
            a.wo(),
            1,
            a.positions(),
            a.co() * a.positions());
    SimdConv3dCorrelation[] all = {SimdConv3dCorrelation.of(products, volume, target)};
    run(workers, all, volume, a.n(), of);
  }

  /** The offset of (ci,kt,kh,kw) from an output's own position, in the order of k. */
  static int[] tapOffsets(Conv3dArgs a, SimdConv3dVolume volume) {
    int[] offsets = new int[a.groupIn() * a.taps()];
    int k = 0;
    for (int ci = 0; ci < a.groupIn(); ci++) {
      for (int kt = 0; kt < a.kt(); kt++) {
        for (int kh = 0; kh < a.kh(); kh++) {
          for (int kw = 0; kw < a.kw(); kw++) {
            offsets[k++] = ci * volume.channel + volume.offset(kt, kh, kw);
          }
        }
      }
    }
    return offsets;
  }

  /**
   * gradInput as a convolution in its own right, of one group, with a bias per input channel, or
   * null, added last.
   *
   * @param weight [class][ci][k], the weights of each residue class in the order of its k
   */
  static void transposed(
      Workers workers, Conv3dArgs a, float[] x, float[] weight, float[] bias, float[] y) {
    SimdConv3dVolume volume = SimdConv3dVolume.gradOutput(a);
    SimdConv3dCorrelation[] classes = residueClasses(a, volume, true);
    run(workers, classes, volume, a.n(), new Arrays(x, weight, Ending.of(bias, false), y, null));
  }

  private static SimdConv3dCorrelation[] residueClasses(
      Conv3dArgs a, SimdConv3dVolume volume, boolean byClass) {
    int st = Math.min(a.stride().t(), a.t());
    int sh = Math.min(a.stride().h(), a.h());
    int sw = Math.min(a.stride().w(), a.w());
    SimdConv3dCorrelation[] classes = new SimdConv3dCorrelation[st * sh * sw];
    int weightsBefore = 0;
    for (int i = 0; i < classes.length; i++) {
      int from = byClass ? weightsBefore : -1;
      classes[i] = residueClass(a, volume, i / (sh * sw), i / sw % sh, i % sw, from);
      weightsBefore += a.ci() * classes[i].k();
    }
    return classes;
  }

  /**
   * The inputs (ft + i*stride.t, fh + j*stride.h, fw + l*stride.w), which share their taps.
   *
   * @param from where this class's own weights [ci][k] begin; negative: all weights are one kernel
   */
  private static SimdConv3dCorrelation residueClass(
      Conv3dArgs a, SimdConv3dVolume volume, int ft, int fh, int fw, int from) {
    GradAxis t = a.gradT();
    GradAxis h = a.gradH();
    GradAxis w = a.gradW();
    int[] source = new int[a.groupOut() * t.count(ft) * h.count(fh) * w.count(fw)];
    int[] weightAt = new int[source.length];
    int k = 0;
    for (int co = 0; co < a.groupOut(); co++) {
      for (int mt = 0; mt < t.count(ft); mt++) {
        int kt = t.residue(ft) + mt * t.stride();
        int qt = t.origin(ft) - mt + volume.leadT();
        for (int mh = 0; mh < h.count(fh); mh++) {
          int kh = h.residue(fh) + mh * h.stride();
          int qh = h.origin(fh) - mh + volume.leadH();
          for (int mw = 0; mw < w.count(fw); mw++) {
            int kw = w.residue(fw) + mw * w.stride();
            int qw = w.origin(fw) - mw + volume.leadW();
            source[k] = co * volume.channel + volume.offset(qt, qh, qw);
            int inKernel = co * a.groupIn() * a.taps() + (kt * a.kh() + kh) * a.kw() + kw;
            weightAt[k] = from < 0 ? inKernel : from + k;
            k++;
          }
        }
      }
    }
    Products products =
        new Products(
            a.groups(),
            a.groupIn(),
            source,
            a.groupOut() * volume.channel,
            weightAt,
            from < 0 ? a.taps() : source.length,
            a.groupOut() * a.groupIn() * a.taps());
    int plane = a.h() * a.w();
    Target target =
        new Target(
            t.size(ft),
            h.size(fh),
            w.size(fw),
            (ft * a.h() + fh) * a.w() + fw,
            t.stride() * plane,
            h.stride() * a.w(),
            w.stride(),
            a.t() * plane,
            a.ci() * a.t() * plane);
    return SimdConv3dCorrelation.of(products, volume, target);
  }

  /**
   * The operands of correlations.
   *
   * @param kept the storage of the weights, where their form may be kept; or null
   */
  private record Arrays(
      float[] source, float[] weight, Ending ending, float[] y, @Nullable Storage kept) {}

  private static void run(
      Workers workers,
      SimdConv3dCorrelation[] correlations,
      SimdConv3dVolume volume,
      int samples,
      Arrays of) {
    boolean inPlace = volume.isIdentity();
    for (SimdConv3dCorrelation c : correlations) {
      inPlace &= c.staysInside();
    }
    int chunk = inPlace ? samples : Math.clamp(COPY / volume.sample, 1, Math.max(1, samples));
    HeapStorage copy =
        inPlace ? null : HeapStorage.allocate(chunk * volume.sample + SimdConv3dTile.WIDTH);
    List<HeapStorage> scratch = new ArrayList<>();
    float[][] packed = new float[correlations.length][];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = packed(workers, correlations[i], of, scratch);
    }
    for (int first = 0; first < samples; first += chunk) {
      int count = Math.min(chunk, samples - first);
      float[] x = of.source;
      if (!inPlace) {
        x = array(copy);
        volume.fill(workers, of.source, first, count, x);
      }
      for (int i = 0; i < packed.length; i++) {
        correlations[i].run(workers, packed[i], x, first, count, of.ending, of.y);
      }
    }
    scratch.forEach(HeapStorage::release);
    if (copy != null) {
      copy.release();
    }
  }

  /** The weights of a correlation as it reads them: kept ones, or in scratch memory. */
  private static float[] packed(
      Workers workers, SimdConv3dCorrelation c, Arrays of, List<HeapStorage> scratch) {
    Object form = c.form();
    if (form != null && of.kept != null && HeapStorage.keepsForms(of.kept)) {
      return HeapStorage.form(
          of.kept,
          form,
          () -> {
            float[] panels = new float[c.packedSize()];
            c.pack(workers, of.weight, panels);
            return panels;
          });
    }
    HeapStorage memory = HeapStorage.allocate(c.packedSize());
    scratch.add(memory);
    c.pack(workers, of.weight, array(memory));
    return array(memory);
  }
}
