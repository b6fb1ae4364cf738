package engine.kernel.opencl;

import engine.kernel.AttentionArgs;
import engine.kernel.RotaryArgs;
import engine.tensor.Storage;

/** Scores, sums and gathers over windows; rotary embedding. */
final class OpenClAttention extends OpenClFamily {
  OpenClAttention(OpenClContext context) {
    super(context, "attention");
  }

  private static int[] sizes(AttentionArgs a) {
    return new int[] {
      a.batch(), a.length(), a.heads(), a.dim(), a.back(), a.forward(), a.window(), 0
    };
  }

  private static int[] looks(AttentionArgs a) {
    return new int[] {a.lookBackward(), a.lookForward(), a.versions(), 0};
  }

  void windowScores(
      AttentionArgs a, float scale, float absent, Storage q, Storage k, Storage scores) {
    int items = a.batch() * a.heads() * a.length() * a.slots();
    run("window_scores", items, sizes(a), looks(a), scale, absent, in(q), in(k), out(scores));
  }

  void windowApply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    int items = args.batch() * args.length() * args.width();
    run("window_apply", items, sizes(args), looks(args), scale, in(a), in(x), out(y));
  }

  void windowGather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    int items = args.versions() * args.batch() * args.length() * args.width();
    run("window_gather", items, sizes(args), looks(args), scale, in(a), in(x), out(y));
  }

  private static int[] sizes(RotaryArgs a) {
    return new int[] {
      a.batch(), a.length(), a.heads(), a.dim(), a.window(), a.offset(), a.versions(), a.positions()
    };
  }

  void rotary(RotaryArgs a, Storage table, Storage x, Storage y) {
    int items = a.versions() * a.batch() * a.length() * a.heads() * (a.dim() / 2);
    run("rotary", items, sizes(a), a.scale(), in(table), in(x), out(y));
  }

  void rotaryGrad(RotaryArgs a, Storage table, Storage gradOutput, Storage gradInput) {
    int items = a.batch() * a.length() * a.heads() * (a.dim() / 2);
    run("rotary_grad", items, sizes(a), a.scale(), in(table), in(gradOutput), out(gradInput));
  }
}
