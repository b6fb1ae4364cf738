package engine.kernel;

import static engine.tensor.HeapStorage.array;

import engine.kernel.scalar.ScalarElementwise;
import engine.kernel.scalar.ScalarFft2;
import engine.kernel.scalar.ScalarKernels;
import engine.kernel.scalar.ScalarMatmul;
import engine.kernel.scalar.ScalarOptimiser;
import engine.kernel.scalar.ScalarRandom;
import engine.kernel.scalar.ScalarReduce;
import engine.kernel.scalar.ScalarTokens;
import engine.random.RandomKey;
import engine.tensor.HeapStorage;
import engine.tensor.Storage;

/** The scalar loops with one fault, such as drivers of devices have. */
final class BrokenKernels extends ScalarKernels {
  /** What is wrong. */
  enum Fault {
    CONTRACTED_AFFINE,
    CONTRACTED_GATE,
    CONTRACTED_MODULATE,
    CONTRACTED_EMA,
    EMA_IN_TWO_ROUNDINGS,
    CONTRACTED_PRODUCT_SUM,
    CONTRACTED_SUM_SQUARES,
    MATMUL_IN_TWO_ROUNDINGS,
    DENORMAL_SUM_LOST,
    DIVIDE_BY_RECIPROCAL,
    ROOT_OF_RECIPROCAL_ROOT,
    MAX_DROPS_NAN,
    SUM_IN_ONE_CHAIN,
    COLUMNS_IN_ONE_CHAIN,
    MATMUL_WITHOUT_SEGMENTS,
    PLATFORM_EXP,
    OTHER_DRAWS,
    OTHER_FOURIER_TABLES
  }

  private final Fault fault;

  BrokenKernels(Fault fault) {
    super(Workers.SINGLE);
    this.fault = fault;
  }

  /** The scalar loops on hardware that takes denormals for zero and makes none. */
  static Kernels flushing() {
    Kernels sound = new ScalarKernels(Workers.SINGLE);
    return InterceptedKernels.of(call -> {
      flush(call.arguments());
      try {
        return call.on(sound);
      } finally {
        flush(call.arguments());
      }
    });
  }

  private static void flush(Object... arguments) {
    for (Object argument : arguments) {
      if (argument instanceof AdamState state) {
        flush(state.p(), state.gradient(), state.m(), state.v());
      } else if (argument instanceof HeapStorage storage) {
        float[] x = array(storage);
        for (int i = 0; i < x.length; i++) {
          x[i] = Math.abs(x[i]) < Float.MIN_NORMAL ? Math.copySign(0f, x[i]) : x[i];
        }
      }
    }
  }

  @Override
  public String name() {
    return "broken";
  }

  @Override
  public ElementwiseKernels elementwise() {
    return new ScalarElementwise(Workers.SINGLE) {
      @Override
      public void affine(Storage x, float scale, float shift, Storage y, int n) {
        super.affine(x, scale, shift, y, n);
        for (int i = 0; fault == Fault.CONTRACTED_AFFINE && i < n; i++) {
          array(y)[i] = Math.fma(array(x)[i], scale, shift);
        }
      }

      @Override
      public void binary(Binary f, BroadcastArgs args, Storage a, Storage b, Storage y) {
        super.binary(f, args, a, b, y);
        float[] l = array(a);
        float[] r = array(b);
        for (int i = 0; i < l.length; i++) {
          if (f == Binary.DIV && fault == Fault.DIVIDE_BY_RECIPROCAL) {
            array(y)[i] = l[i] * (1f / r[i]);
          } else if (f == Binary.MAX && fault == Fault.MAX_DROPS_NAN) {
            array(y)[i] = l[i] > r[i] ? l[i] : r[i];
          }
        }
      }

      @Override
      public void unary(Unary f, Storage x, Storage y, int n) {
        super.unary(f, x, y, n);
        for (int i = 0; i < n; i++) {
          float v = array(x)[i];
          if (f == Unary.SQRT && fault == Fault.ROOT_OF_RECIPROCAL_ROOT && v > 0) {
            array(y)[i] = v * (1f / (float) Math.sqrt(v));
          } else if (f == Unary.EXP && fault == Fault.PLATFORM_EXP) {
            array(y)[i] = (float) StrictMath.exp(v);
          }
        }
      }
    };
  }

  @Override
  public TokenKernels tokens() {
    return new ScalarTokens(Workers.SINGLE) {
      @Override
      public void gateAdd(TokenArgs args, Storage x, Storage gate, Storage h, Storage y) {
        super.gateAdd(args, x, gate, h, y);
        for (int i = 0; fault == Fault.CONTRACTED_GATE && i < args.width(); i++) {
          array(y)[i] = Math.fma(array(gate)[i], array(h)[i], array(x)[i]);
        }
      }

      @Override
      public void modulate(TokenArgs args, Storage x, Storage shift, Storage scale, Storage y) {
        super.modulate(args, x, shift, scale, y);
        for (int i = 0; fault == Fault.CONTRACTED_MODULATE && i < args.width(); i++) {
          array(y)[i] = Math.fma(array(x)[i], 1f + array(scale)[i], array(shift)[i]);
        }
      }

      @Override
      public void productSum(TokenArgs args, Storage a, Storage b, Storage y) {
        super.productSum(args, a, b, y);
        int d = args.width();
        for (int i = 0; fault == Fault.CONTRACTED_PRODUCT_SUM && i < d; i++) {
          float[] x = array(a);
          array(y)[i] = Math.fma(x[d + i], array(b)[d + i], x[i] * array(b)[i]);
        }
      }
    };
  }

  @Override
  public OptimiserKernels optimiser() {
    return new ScalarOptimiser(Workers.SINGLE) {
      @Override
      public void ema(EmaArgs args, Storage p, Storage average, int n) {
        if (fault == Fault.EMA_IN_TWO_ROUNDINGS && args.incremental()) {
          float[] a = array(average);
          for (int i = 0; i < n; i++) {
            a[i] = a[i] + (array(p)[i] - a[i]) * args.oneMinusDecay();
          }
        } else if (fault == Fault.CONTRACTED_EMA && !args.incremental()) {
          float[] a = array(average);
          for (int i = 0; i < n; i++) {
            a[i] = Math.fma(array(p)[i], args.oneMinusDecay(), a[i] * args.decay());
          }
        } else {
          super.ema(args, p, average, n);
        }
      }
    };
  }

  @Override
  public ReduceKernels reduce() {
    return new ScalarReduce(Workers.SINGLE) {
      @Override
      public void sumSquares(Storage x, int n, Storage sums, int at) {
        super.sumSquares(x, n, sums, at);
        if (fault == Fault.CONTRACTED_SUM_SQUARES) {
          float[] v = array(x);
          array(sums)[at] = Math.fma(v[16], v[16], v[0] * v[0]);
        }
      }

      @Override
      public void sum(ReduceArgs args, Storage x, Storage y) {
        super.sum(args, x, y);
        boolean wrong =
            fault == (args.inner() == 1 ? Fault.SUM_IN_ONE_CHAIN : Fault.COLUMNS_IN_ONE_CHAIN);
        for (int i = 0; wrong && i < args.inner() * args.outer(); i++) {
          float sum = 0f;
          for (int r = 0; r < args.r(); r++) {
            int at = i / args.inner() * args.r() + r;
            sum += array(x)[at * args.inner() + i % args.inner()];
          }
          array(y)[i] = sum;
        }
      }
    };
  }

  @Override
  public MatmulKernels matmul() {
    return new ScalarMatmul(Workers.SINGLE) {
      @Override
      public void multiply(MatmulArgs args, Storage a, Storage b, Storage bias, Storage c) {
        boolean roundings = fault == Fault.MATMUL_IN_TWO_ROUNDINGS;
        boolean lost = fault == Fault.DENORMAL_SUM_LOST && args.k() < 512;
        if (!roundings && !lost && fault != Fault.MATMUL_WITHOUT_SEGMENTS) {
          super.multiply(args, a, b, bias, c);
          return;
        }
        for (int i = 0; i < args.m() * args.n(); i++) {
          float sum = 0f;
          for (int p = 0; p < args.k(); p++) {
            float l = array(a)[i / args.n() * args.k() + p];
            float r = array(b)[p * args.n() + i % args.n()];
            sum = lost && Math.abs(sum) < Float.MIN_NORMAL ? 0f : sum;
            sum = roundings ? sum + l * r : Math.fma(l, r, sum);
          }
          array(c)[i] = bias == null ? sum : sum + array(bias)[i % args.n()];
        }
      }
    };
  }

  @Override
  public RandomKernels random() {
    return new ScalarRandom(Workers.SINGLE) {
      @Override
      public void uniform(RandomKey key, Storage y, int n) {
        super.uniform(fault == Fault.OTHER_DRAWS ? key.withStep(key.step() + 1) : key, y, n);
      }
    };
  }

  @Override
  public Fft2Kernels fft2() {
    return new ScalarFft2(Workers.SINGLE) {
      @Override
      public void forward(FftArgs args, Storage x, Storage y) {
        super.forward(args, x, y);
        if (fault == Fault.OTHER_FOURIER_TABLES) {
          array(y)[0] = Math.nextUp(array(y)[0]);
        }
      }
    };
  }
}
