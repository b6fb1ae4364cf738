package engine.kernel.opencl;

import engine.kernel.AttentionArgs;
import engine.kernel.WindowedAttentionKernels;
import engine.tensor.Storage;

/** Scores, sums and gathers over windows. */
final class OpenClWindowedAttention extends OpenClFamily implements WindowedAttentionKernels {
  OpenClWindowedAttention(OpenClContext context) {
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

  @Override
  public void scores(
      AttentionArgs a, float scale, float absent, Storage q, Storage k, Storage scores) {
    int items = a.batch() * a.heads() * a.length() * a.slots();
    run("window_scores", items, sizes(a), looks(a), scale, absent, in(q), in(k), out(scores));
  }

  @Override
  public void apply(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    int items = args.batch() * args.length() * args.width();
    run("window_apply", items, sizes(args), looks(args), scale, in(a), in(x), out(y));
  }

  @Override
  public void gather(AttentionArgs args, float scale, Storage a, Storage x, Storage y) {
    int items = args.versions() * args.batch() * args.length() * args.width();
    run("window_gather", items, sizes(args), looks(args), scale, in(a), in(x), out(y));
  }
}
