package engine.op;

import engine.autodiff.Op;
import engine.kernel.Binary;
import engine.kernel.Padding3;
import engine.kernel.ResampleTable;
import engine.kernel.Stride3;
import engine.kernel.Unary;
import engine.kernel.Walks;
import engine.kernel.Window3;
import engine.op.attention.Softmax;
import engine.op.attention.WindowSpec;
import engine.op.attention.WindowSpec.Bucketed;
import engine.op.attention.WindowSpec.Sliding;
import engine.op.attention.WindowedAttention;
import engine.op.conv.Conv3d;
import engine.op.conv.ConvTranspose3d;
import engine.op.conv.OutputPadding3;
import engine.op.conv.UpsampleConv;
import engine.op.conv.WinogradConv3d;
import engine.op.elementwise.Affine;
import engine.op.elementwise.BinaryOp;
import engine.op.elementwise.Clamp;
import engine.op.elementwise.GateAdd;
import engine.op.elementwise.GeluTanh;
import engine.op.elementwise.Modulate;
import engine.op.elementwise.UnaryOp;
import engine.op.layout.Concat;
import engine.op.layout.Expand;
import engine.op.layout.Gather;
import engine.op.layout.Pad;
import engine.op.layout.Permute;
import engine.op.layout.Reshape;
import engine.op.layout.Slice;
import engine.op.linalg.Linear;
import engine.op.linalg.Matmul;
import engine.op.norm.BatchNorm;
import engine.op.norm.GroupNorm;
import engine.op.norm.LayerNorm;
import engine.op.norm.RmsNormGated;
import engine.op.norm.RmsNormMerge;
import engine.op.random.Dropout;
import engine.op.reduce.Sum;
import engine.op.resample.BilinearSample;
import engine.op.resample.MaxPool3d;
import engine.op.resample.ResampleAxis;
import engine.op.scan.CausalConv1d;
import engine.op.scan.MambaScan;
import engine.op.scan.SsdFinalState;
import engine.op.scan.SsdScan;
import engine.op.spectral.Fft2;
import engine.random.RandomKey;
import engine.tensor.Shape;
import engine.testing.OpCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A way to draw a case of every op of docs/ops.md, sizes small and around the lanes of every width.
 * These cases are for comparing bits and have no oracle; the tests of the ops have.
 */
public final class OpCases {
  private static final float EPS = 1e-5f;

  /** By the name of the op's class. */
  public static final Map<String, Function<Drawn, OpCase>> ALL = all();

  private OpCases() {}

  private static Map<String, Function<Drawn, OpCase>> all() {
    Map<String, Function<Drawn, OpCase>> map = new TreeMap<>();
    map.put("Affine", d -> of(new Affine(1.7f, d.coin() ? 0f : -0.3f), row(d)));
    map.put("BatchNorm", OpCases::batchNorm);
    map.put("BinaryOp", OpCases::binary);
    map.put("CausalConv1d", OpCases::causalConv1d);
    map.put("Clamp", d -> of(new Clamp(d.coin() ? -1f : -0f, 1.5f), row(d)));
    map.put("Concat", OpCases::concat);
    map.put("Conv3d", OpCases::conv3d);
    map.put("ConvTranspose3d", OpCases::convTranspose);
    map.put("Dropout", d -> of(new Dropout(0.3f, new RandomKey(d.next(0, 9), 2, 3)), row(d)));
    map.put(
        "Expand", d -> of(new Expand(1, d.next(1, 600)), Shape.of(d.next(1, 3), 1, d.next(1, 19))));
    map.put(
        "Fft2", d -> of(new Fft2(d.coin()), Shape.of(d.next(1, 3), d.next(1, 9), d.next(1, 17))));
    map.put("GateAdd", OpCases::gateAdd);
    map.put("Gather", OpCases::gather);
    map.put("GeluTanh", d -> of(new GeluTanh(), row(d)));
    map.put("GroupNorm", OpCases::groupNorm);
    map.put("LayerNorm", OpCases::layerNorm);
    map.put("Linear", OpCases::linear);
    map.put("Matmul", OpCases::matmul);
    map.put("Modulate", OpCases::modulate);
    map.put("BilinearSample", OpCases::bilinearSample);
    map.put("MaxPool3d", OpCases::maxPool);
    map.put("Pad", d -> of(new Pad(1, d.next(0, 3), d.next(0, 3)), cube(d)));
    map.put("Permute", d -> of(new Permute(order(d.next(0, 5))), cube(d)));
    map.put("ResampleAxis", OpCases::resample);
    map.put("Reshape", OpCases::reshape);
    map.put("MambaScan", OpCases::mambaScan);
    map.put("RmsNormMerge", OpCases::rmsNormMerge);
    map.put("RmsNormGated", OpCases::rmsNorm);
    map.put("Slice", OpCases::slice);
    map.put("Softmax", d -> of(new Softmax(), Shape.of(d.next(1, 9), d.next(1, 70))));
    map.put("SsdFinalState", d -> ssd(d, false));
    map.put("SsdScan", d -> ssd(d, true));
    map.put("Sum", OpCases::sum);
    map.put("UnaryOp", d -> of(new UnaryOp(pick(Unary.values(), d)), row(d)));
    map.put("UpsampleConv", OpCases::upsampleConv);
    map.put("WinogradConv3d", OpCases::winograd);
    map.put("WindowedAttention", OpCases::attention);
    return map;
  }

  public static OpCase of(Op op, Shape... shapes) {
    return OpCase.of(op, in -> null, shapes);
  }

  private static OpCase of(Op op, List<Shape> shapes) {
    return of(op, shapes.toArray(Shape[]::new));
  }

  private static <T> T pick(T[] values, Drawn d) {
    return values[d.next(0, values.length - 1)];
  }

  /** One axis, over several vectors of every width and their tails. */
  private static Shape row(Drawn d) {
    return Shape.of(d.next(1, 130));
  }

  private static Shape cube(Drawn d) {
    return Shape.of(d.next(1, 4), d.next(1, 9), d.next(1, 40));
  }

  private static List<Integer> order(int n) {
    int first = n % 3;
    int second = n / 3 == 0 ? (first + 1) % 3 : (first + 2) % 3;
    return List.of(first, second, 3 - first - second);
  }

  private static OpCase binary(Drawn d) {
    Binary f = pick(Binary.values(), d);
    Shape full = cube(d);
    Shape part =
        Shape.of(
            d.coin() ? full.dim(0) : 1, d.coin() ? full.dim(1) : 1, d.coin() ? full.dim(2) : 1);
    OpCase c = d.coin() ? of(new BinaryOp(f), full, part) : of(new BinaryOp(f), part, full);
    // The larger and the smaller of two have no gradient.
    return f == Binary.MIN || f == Binary.MAX ? c.constant(0).constant(1) : c;
  }

  private static OpCase gateAdd(Drawn d) {
    Shape x = cube(d);
    return of(new GateAdd(), x, Shape.of(x.dim(0), x.dim(2)), x);
  }

  private static OpCase modulate(Drawn d) {
    Shape x = cube(d);
    Shape vector = Shape.of(x.dim(0), x.dim(2));
    return of(new Modulate(), x, vector, vector);
  }

  /** Short axes, and sums of more than one block of N5. */
  private static OpCase sum(Drawn d) {
    Shape x =
        switch (d.next(0, 3)) {
          case 0 -> cube(d);
          case 1 -> Shape.of(d.next(1, 2), d.next(500, 1100), d.next(1, 19));
          case 2 -> Shape.of(1, d.next(1, 3), d.next(4000, 8300));
          default -> Shape.of(d.next(1, 90), 1, 1);
        };
    int from = d.next(0, 2);
    return of(new Sum(from, d.next(from + 1, 3), d.coin()), x);
  }

  private static OpCase concat(Drawn d) {
    Shape x = cube(d);
    int axis = d.next(0, 2);
    return of(new Concat(axis), x, x.with(axis, d.next(1, 9)), x);
  }

  private static OpCase gather(Drawn d) {
    Shape x = cube(d);
    int[] index = new int[d.next(1, 20)];
    for (int i = 0; i < index.length; i++) {
      index[i] = d.next(0, x.dim(1) - 1);
    }
    return of(new Gather(1, index), x);
  }

  private static OpCase reshape(Drawn d) {
    Shape x = cube(d);
    return of(new Reshape(Shape.of(x.dim(2), x.dim(0) * x.dim(1))), x);
  }

  private static OpCase slice(Drawn d) {
    Shape x = cube(d);
    int axis = d.next(0, 2);
    int from = d.next(0, x.dim(axis));
    return of(new Slice(axis, from, d.next(from, x.dim(axis))), x);
  }

  private static OpCase linear(Drawn d) {
    int in = d.next(0, 5) == 0 ? d.next(500, 600) : d.next(1, 40);
    int out = d.next(1, 70);
    Shape x = Shape.of(d.next(1, 2), d.next(1, 14), in);
    Shape w = Shape.of(out, in);
    return d.coin() ? of(new Linear(), x, w, Shape.of(out)) : of(new Linear(), x, w);
  }

  private static OpCase matmul(Drawn d) {
    int m = d.next(1, 27);
    int n = d.next(1, 70);
    int k = d.next(0, 5) == 0 ? d.next(500, 600) : d.next(1, 30);
    boolean transA = d.coin();
    boolean transB = d.coin();
    Shape a = transA ? Shape.of(k, m) : Shape.of(m, k);
    Shape b = transB ? Shape.of(n, k) : Shape.of(k, n);
    Matmul op = new Matmul(transA, transB);
    return d.coin() ? of(op, a, b) : of(op, Shape.of(2, a.dim(0), a.dim(1)), b);
  }

  private static OpCase conv3d(Drawn d) {
    int kt = d.next(1, 3);
    int kh = d.next(1, 3);
    int kw = d.next(1, 3);
    Padding3 padding =
        new Padding3(
            d.next(0, 2), d.next(0, 1), d.next(0, 1), d.next(0, 1), d.next(0, 1), d.next(0, 1));
    Stride3 stride = new Stride3(d.next(1, 2), d.next(1, 2), d.next(1, 2));
    int groups = d.next(1, 2);
    int in = d.next(1, 5);
    int out = groups * d.next(1, 9);
    Shape x = Shape.of(d.next(1, 2), groups * in, d.next(kt, 4), d.next(kh, 6), d.next(kw, 40));
    Shape w = Shape.of(out, in, kt, kh, kw);
    Conv3d op = new Conv3d(stride, padding, groups, d.coin());
    return d.coin() ? of(op, x, w, Shape.of(out)) : of(op, x, w);
  }

  /** Any geometry that leaves something of at least two inputs and two taps on each axis. */
  static ConvTranspose3d convTranspose(Drawn d, int groups) {
    Stride3 stride = new Stride3(d.next(1, 2), d.next(1, 2), d.next(1, 3));
    Padding3 padding =
        new Padding3(
            d.next(0, 1), d.next(0, 1), d.next(0, 1), d.next(0, 1), d.next(0, 1), d.next(0, 1));
    OutputPadding3 added =
        new OutputPadding3(
            d.next(0, stride.t() - 1), d.next(0, stride.h() - 1), d.next(0, stride.w() - 1));
    return new ConvTranspose3d(stride, padding, added, groups);
  }

  private static OpCase convTranspose(Drawn d) {
    ConvTranspose3d op = convTranspose(d, d.next(1, 2));
    Shape w = Shape.of(op.groups() * d.next(1, 5), d.next(1, 9), d.next(2, 3), d.next(2, 3), 3);
    Shape x = Shape.of(d.next(1, 2), w.dim(0), d.next(2, 3), d.next(2, 5), d.next(2, 20));
    return d.coin() ? of(op, x, w, Shape.of(op.groups() * w.dim(1))) : of(op, x, w);
  }

  private static OpCase upsampleConv(Drawn d) {
    Shape x = Shape.of(d.next(1, 2), d.next(1, 5), d.next(1, 2), d.next(1, 7), d.next(1, 20));
    Shape w = Shape.of(d.next(1, 9), x.dim(1), 3, 3);
    UpsampleConv op = new UpsampleConv();
    return d.coin() ? of(op, x, w, Shape.of(w.dim(0))) : of(op, x, w);
  }

  private static OpCase winograd(Drawn d) {
    int taps = d.next(1, 3);
    int front = d.next(0, taps - 1);
    Padding3 padding =
        new Padding3(front, d.next(0, 1), d.next(0, 2), d.next(0, 1), d.next(0, 2), d.next(0, 1));
    Shape x = Shape.of(d.next(1, 2), d.next(1, 5), d.next(taps, 4), d.next(3, 8), d.next(3, 36));
    Shape w = Shape.of(d.next(1, 14), x.dim(1), taps, 3, 3);
    WinogradConv3d op = new WinogradConv3d(padding, d.coin());
    return d.coin() ? of(op, x, w, Shape.of(w.dim(0))) : of(op, x, w);
  }

  private static OpCase batchNorm(Drawn d) {
    Shape x = Shape.of(d.next(2, 4), d.next(1, 5), d.next(1, 40));
    Shape c = Shape.of(x.dim(1));
    return d.coin()
        ? of(new BatchNorm(EPS, true), x, c, c)
        : of(new BatchNorm(EPS, false), x, c, c, c, c).constant(3).constant(4);
  }

  private static OpCase groupNorm(Drawn d) {
    int groups = d.next(1, 4);
    Shape c = Shape.of(groups * d.next(1, 4));
    return of(new GroupNorm(groups, EPS), Shape.of(d.next(1, 3), c.dim(0), d.next(1, 40)), c, c);
  }

  private static OpCase layerNorm(Drawn d) {
    boolean weight = d.coin();
    boolean bias = d.coin();
    Shape x = Shape.of(d.next(1, 2), d.next(1, 9), d.next(1, 70));
    List<Shape> shapes = new ArrayList<>(List.of(x));
    if (weight) {
      shapes.add(Shape.of(x.dim(2)));
    }
    if (bias) {
      shapes.add(Shape.of(x.dim(2)));
    }
    return of(new LayerNorm(EPS, weight, bias), shapes);
  }

  private static OpCase rmsNorm(Drawn d) {
    int group = d.next(1, 40);
    int groups = d.next(1, 3);
    Shape x = Shape.of(1, d.next(1, 7), group * groups);
    RmsNormGated op = new RmsNormGated(groups == 1 ? 0 : group, d.coin(), EPS);
    Shape w = Shape.of(x.dim(2));
    return d.coin() ? of(op, x, w, x) : of(op, x, w);
  }

  private static OpCase causalConv1d(Drawn d) {
    int from = d.next(0, 3);
    int channels = d.next(1, 67);
    Shape x = Shape.of(d.next(1, 2), d.next(1, 17), from + channels + d.next(0, 2));
    Shape w = Shape.of(channels, 1, d.next(1, 5));
    boolean whole = x.dim(2) == channels;
    CausalConv1d op = whole ? new CausalConv1d(d.coin()) : new CausalConv1d(d.coin(), from);
    if (d.coin()) {
      Walks walks = walks(d, d.next(1, 4));
      int carried = x.dim(2) - from - channels;
      x = Shape.of(x.dim(0), walks.tokens(), x.dim(2));
      op = new CausalConv1d(d.coin(), from, carried, walks);
    }
    return d.coin() ? of(op, x, w, Shape.of(channels)) : of(op, x, w);
  }

  private static Walks walks(Drawn d, int count) {
    return WalksTest.drawn(count, d.next(1, 3), d.next(1, 6), d.next(0, 1000));
  }

  private static OpCase rmsNormMerge(Drawn d) {
    int sums = d.next(1, 3);
    Walks walks = walks(d, sums * d.next(1, 2));
    int clips = d.next(1, 2);
    int width = d.next(1, 37);
    int from = d.next(0, 3);
    return of(
        new RmsNormMerge(walks, sums, EPS, from),
        Shape.of(clips * walks.sequences(), walks.length(), width),
        Shape.of(width),
        Shape.of(clips, walks.tokens(), from + width + d.next(0, 3)));
  }

  private static OpCase mambaScan(Drawn d) {
    int groups = d.next(1, 2);
    int heads = groups * d.next(1, 2);
    int state = d.next(1, 19);
    int width = (heads * d.next(1, 19)) + (2 * groups * state) + heads;
    Shape perHead = Shape.of(heads);
    MambaScan op = new MambaScan(heads, groups, state, d.next(1, 9));
    OpCase c = of(op, Shape.of(d.next(1, 2), d.next(1, 20), width), perHead, perHead, perHead);
    return c.range(1, -3, 0).range(2, -3, -0.1);
  }

  private static OpCase ssd(Drawn d, boolean ofY) {
    int batch = d.next(1, 2);
    int length = d.next(1, 20);
    int groups = d.next(1, 2);
    int heads = groups * d.next(1, 2);
    int headDim = d.next(1, 19);
    int state = d.next(1, 19);
    int chunk = d.next(1, 9);
    Shape bc = Shape.of(batch, length, groups, state);
    List<Shape> shapes = new ArrayList<>();
    shapes.add(Shape.of(batch, length, heads, headDim));
    shapes.add(Shape.of(batch, length, heads));
    shapes.add(Shape.of(heads));
    shapes.add(bc);
    if (ofY) {
      shapes.add(bc);
    }
    if (ofY && d.coin()) {
      shapes.add(Shape.of(heads));
    }
    if (d.coin()) {
      shapes.add(Shape.of(batch, heads, headDim, state));
    }
    OpCase c = of(ofY ? new SsdScan(chunk) : new SsdFinalState(chunk), shapes);
    return c.range(1, 0.01, 0.6).range(2, -3, -0.1);
  }

  private static OpCase attention(Drawn d) {
    boolean masked = d.coin();
    boolean sliding = d.coin();
    int heads = d.next(1, 2);
    int window = d.next(1, 9);
    int half = d.next(1, 10);
    WindowSpec spec =
        sliding
            ? new Sliding(heads, window)
            : new Bucketed(heads, window, d.next(0, 2), d.next(0, 2), d.coin());
    int length = sliding ? d.next(1, 30) : window * d.next(1, 3);
    int batch = d.next(1, 2);
    Shape x = Shape.of(batch, length, heads * 2 * half);
    List<Shape> shapes = new ArrayList<>(List.of(x, x, x));
    if (spec instanceof Bucketed b) {
      shapes.add(Shape.of(2, b.positions(), half));
    }
    if (masked) {
      shapes.add(Shape.of(batch, heads, length, spec.slots()));
    }
    OpCase c = of(new WindowedAttention(spec, masked), shapes);
    for (int i = 3; i < shapes.size(); i++) {
      c = c.constant(i);
    }
    return c;
  }

  /** Outputs with none, one and several taps, negative weights among them. */
  private static OpCase resample(Drawn d) {
    int in = d.next(1, 9);
    int out = d.next(1, 12);
    int[] start = new int[out + 1];
    List<Integer> source = new ArrayList<>();
    for (int j = 0; j < out; j++) {
      int skip = d.next(1, 4);
      for (int s = d.next(0, 3); s < in; s += skip) {
        source.add(s);
      }
      start[j + 1] = source.size();
    }
    float[] weight = new float[source.size()];
    for (int t = 0; t < weight.length; t++) {
      weight[t] = t % 5 == 0 ? 1f : (t % 7 - 3) / 8f;
    }
    int[] sources = source.stream().mapToInt(s -> s).toArray();
    ResampleTable table = new ResampleTable(in, out, start, sources, weight);
    return of(new ResampleAxis("table", 1, table), Shape.of(d.next(1, 3), in, d.next(1, 40)));
  }

  private static OpCase bilinearSample(Drawn d) {
    Shape x = Shape.of(d.next(1, 2), d.next(1, 3), d.next(1, 6), d.next(1, 9));
    return of(new BilinearSample(), x, Shape.of(x.dim(0), d.next(0, 20), 2)).range(1, -2, 9);
  }

  private static OpCase maxPool(Drawn d) {
    Window3 kernel = new Window3(d.next(1, 3), d.next(1, 3), d.next(1, 3));
    Stride3 stride = new Stride3(d.next(1, 3), d.next(1, 3), d.next(1, 3));
    int high = kernel.h() + d.next(0, 6);
    int wide = kernel.w() + d.next(0, 20);
    Shape x = Shape.of(d.next(1, 3), kernel.t() + d.next(0, 3), high, wide);
    Padding3 rim = new Padding3(kernel.t() - 1, 0, kernel.h() - 1, 0, kernel.w() - 1, 0);
    return of(new MaxPool3d(kernel, stride, d.coin() ? rim : Padding3.NONE), x);
  }
}
