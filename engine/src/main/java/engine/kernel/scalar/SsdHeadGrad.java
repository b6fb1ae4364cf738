package engine.kernel.scalar;

import engine.kernel.SsdArgs;
import engine.kernel.scalar.ScanLoops.View;
import engine.numeric.NumericContract;
import java.util.Arrays;

/**
 * The gradient of one head of one sequence: forward once more for the states that come into the
 * chunks, then back over the chunks. With g the gradient of y, S the incoming state, S' the
 * outgoing one, gradS' its gradient, and the names of {@link SsdHead}:
 *
 * <pre>
 *   gradMix_ij   = sum_p g_ip x_jp                                    (j &lt;= i, else +0)
 *   gradPairs_ij = (gradMix_ij * decay_ij) * dt_j
 *   T_ij         = gradMix_ij * mix_ij
 *   read_ip      = sum_n C_in S_pn
 *   pull_jp      = sum_n B_jn gradS'_pn
 *   s_j          = sum_p x_jp pull_jp
 *   gradX_jp     = sum_i mix_ij g_ip + fadeDt_j * pull_jp + D * g_jp
 *   gradStep_l   = sum_(j&lt;l) (sum_(i&gt;=l) T_ij) + sum_(i&gt;=l) grow_i * (sum_p g_ip read_ip)
 *                  + sum_(j&lt;l) fadeDt_j * s_j + grow_last * (sum_n sum_p gradS'_pn S_pn)
 *   gradDt_j     = sum_(i&gt;=j) gradMix_ij pairDecay_ij + fade_j * s_j + gradStep_j * A
 *   gradA        = sum_l gradStep_l dt_l                              (N1 over the sequence)
 *   gradD        = sum_p sum_l g_lp x_lp                              (N1 over l, then N5 over p)
 *   headC_i      = sum_p (grow_i * g_ip) S_pn
 *   headB_j      = sum_p (x_jp * fadeDt_j) gradS'_pn
 *   gradS_pn     = gradS'_pn * grow_last + sum_i (grow_i * g_ip) C_in
 * </pre>
 *
 * gradStep is the gradient of dt_l * A. A step l matters to the pairs i &gt;= l &gt; j alone;
 * adding up just those, and not the differences of sums that gradients of cs would be, loses no
 * digits.
 *
 * <p>Sums of two factors over a chunk, n or p are products by N1 where the factors are matrices
 * (gradMix, read, pull, gradX, headB, headC, gradS). The other sums are of rounded products: over
 * p, n and, in gradStep's first term, j by N5 with 16 lanes; over i a chain from +0 with i
 * descending; over j &lt; l of fadeDt_j * s_j a chain from +0 with j ascending. Terms are added in
 * the order written; those of an absent y, state or D are left out.
 */
final class SsdHeadGrad {
  private static final int SEGMENT = NumericContract.SEGMENT;

  /**
   * What heads leave for the joins: their shares of the gradients of pairs [B,H,L*longest], B and C
   * [B,H,L,N], A and D [B,H]; and the pairs.
   */
  record Parts(
      float[] pairs,
      float[] gradPairs,
      float[] headB,
      float[] headC,
      float[] headA,
      float[] headD) {}

  private final ScanLoops loops;
  private final SsdArgs args;
  private final SsdArrays in;
  private final SsdArrays out;
  private final Parts parts;
  private final float[] gradY;
  private final float[] gradState;
  private final SsdHead head;
  private final int n;

  private final float[][] states;
  private final float[] back;
  private final float[] gradMix;
  private final float[] packed;
  private final float[] g;
  private final float[] grown;
  private final float[] terms;
  private final float[] turned;
  private final float[] added;
  private final float[] pairSums;
  private final float[] rowSums;
  private final float[] gradStep;
  private final float[] gradDt;
  private final float[] allSteps;
  private final float[] dots;
  private boolean hasBack;

  SsdHeadGrad(
      ScanLoops loops,
      SsdArgs args,
      SsdArrays in,
      SsdArrays out,
      Parts parts,
      float[] gradY,
      float[] gradState) {
    int q = args.longest();
    int stateSize = args.headDim() * args.state();
    this.loops = loops;
    this.args = args;
    this.in = in;
    this.out = out;
    this.parts = parts;
    this.gradY = gradY;
    this.gradState = gradState;
    this.head = new SsdHead(loops, args, in);
    this.n = args.headDim();
    states = new float[args.chunks()][];
    back = new float[stateSize];
    gradMix = new float[q * q];
    packed = new float[q * n];
    g = new float[q * n];
    grown = new float[q * n];
    terms = new float[Math.max(q * Math.max(q, n), stateSize)];
    turned = new float[stateSize];
    added = new float[stateSize];
    pairSums = new float[q];
    rowSums = new float[args.state()];
    gradStep = new float[q];
    gradDt = new float[q];
    allSteps = new float[args.length()];
    dots = new float[2 * n];
  }

  /** Where one head's part of a chunk begins: rows of {@code width}. */
  static int partAt(SsdArgs args, int sample, int head, int chunk, int width) {
    return ((sample * args.heads() + head) * args.length() + chunk * args.chunk()) * width;
  }

  void run(int index) {
    head.begin(index);
    incomingStates();
    hasBack = gradState != null;
    if (hasBack) {
      SsdHead.transpose(gradState, index * back.length, n, args.state(), back, 0);
    }
    for (int c = args.chunks() - 1; c >= 0; c--) {
      chunk(c);
    }
    if (out.initial() != null) {
      if (hasBack) {
        SsdHead.transpose(back, 0, args.state(), n, out.initial(), index * back.length);
      } else {
        Arrays.fill(out.initial(), index * back.length, (index + 1) * back.length, 0f);
      }
    }
    parts.headA()[index] = gradA();
    if (out.d() != null) {
      parts.headD()[index] = gradD();
    }
  }

  private void incomingStates() {
    for (int c = 0; c < states.length; c++) {
      if (head.hasState) {
        if (states[c] == null) {
          states[c] = new float[head.state.length];
        }
        System.arraycopy(head.state, 0, states[c], 0, head.state.length);
      }
      if (c + 1 < states.length) {
        head.chunk(c);
        head.statePassing();
      }
    }
  }

  private void chunk(int index) {
    head.hasState = states[index] != null;
    if (head.hasState) {
      System.arraycopy(states[index], 0, head.state, 0, head.state.length);
    }
    head.chunk(index);
    Arrays.fill(gradStep, 0, head.q, 0f);
    Arrays.fill(gradDt, 0, head.q, 0f);
    Arrays.fill(pairSums, 0, head.q, 0f);
    if (gradY != null) {
      head.gather(head.ofY(gradY), g);
      throughMix(index);
    } else {
      clearX();
    }
    if (gradY != null && head.hasState) {
      throughRead(index);
    }
    if (hasBack) {
      throughState(index);
    }
    if (gradY != null && in.d() != null) {
      throughD();
    }
    backState();
    steps();
  }

  /** gradMix, gradPairs, and the first terms of gradX, gradDt and gradStep. */
  private void throughMix(int index) {
    int q = head.q;
    int pairsAt = ScalarSsdScan.pairsAt(args, head.sample, args.group(head.head), index);
    head.segsum(parts.pairs(), pairsAt);
    View g = View.rows(this.g, 0, n);
    ScalarSsdScan.pack(View.rows(head.x, 0, n), q, n, packed);
    loops.product(q, q, n, g, View.rows(packed, 0, q), View.rows(gradMix, 0, q));
    View mix = View.rows(head.mix, 0, q);
    loops.product(q, n, q, mix.transposed(), g, head.ofX(out.x()));
    int to = partAt(args, head.sample, head.head, index, args.longest());
    for (int i = q - 1; i >= 0; i--) {
      mixRow(i, to + i * q);
      gradStep[i] = loops.sum(pairSums, 0, i);
    }
  }

  private void mixRow(int i, int to) {
    int q = head.q;
    int row = i * q;
    float[] gradPairs = parts.gradPairs();
    int n = i + 1;
    loops.multiply(gradMix, row, head.decay, row, gradPairs, to, n);
    loops.multiply(gradPairs, to, head.dt, 0, gradPairs, to, n);
    loops.addProduct(gradMix, row, head.pairDecay, row, gradDt, 0, n);
    loops.addProduct(gradMix, row, head.mix, row, pairSums, 0, n);
    Arrays.fill(gradPairs, to + i + 1, to + q, 0f);
  }

  private void clearX() {
    View x = head.ofX(out.x());
    for (int i = 0; i < head.q; i++) {
      int at = x.at() + i * x.row();
      Arrays.fill(out.x(), at, at + n, 0f);
    }
  }

  /** What exp(cs_i) * (C_i S) gives to gradStep and, as headC, to C. */
  private void throughRead(int index) {
    int q = head.q;
    head.readState();
    float later = 0f;
    for (int i = q - 1; i >= 0; i--) {
      loops.scale(head.grow[i], g, i * n, grown, i * n, n);
      loops.multiply(g, i * n, head.read, i * n, terms, 0, n);
      later += head.grow[i] * loops.sum(terms, 0, n);
      gradStep[i] += later;
    }
    SsdHead.transpose(head.state, 0, args.state(), n, turned, 0);
    int to = partAt(args, head.sample, head.head, index, args.state());
    loops.product(
        q,
        args.state(),
        n,
        View.rows(grown, 0, n),
        View.rows(turned, 0, args.state()),
        View.rows(parts.headC(), to, args.state()));
  }

  /** What the outgoing state gives to x, dt, gradStep and, as headB, to B. */
  private void throughState(int index) {
    int q = head.q;
    float[] pull = pull();
    View gradX = head.ofX(out.x());
    float whole = head.hasState ? head.grow[q - 1] * stateDot() : 0f;
    float earlier = 0f;
    for (int j = 0; j < q; j++) {
      int to = gradX.at() + j * gradX.row();
      loops.addScaled(head.fadeDt[j], pull, j * n, out.x(), to, n);
      loops.multiply(head.x, j * n, pull, j * n, terms, 0, n);
      float s = loops.sum(terms, 0, n);
      gradDt[j] += head.fade[j] * s;
      gradStep[j] += earlier;
      if (head.hasState) {
        gradStep[j] += whole;
      }
      earlier += head.fadeDt[j] * s;
    }
    head.fade();
    SsdHead.transpose(back, 0, args.state(), n, turned, 0);
    int part = partAt(args, head.sample, head.head, index, args.state());
    loops.product(
        q,
        args.state(),
        n,
        View.rows(head.faded, 0, n),
        View.rows(turned, 0, args.state()),
        View.rows(parts.headB(), part, args.state()));
  }

  /** B times the gradient of the outgoing state. */
  private float[] pull() {
    loops.product(
        head.q, n, args.state(), head.b(), head.stateRows(back), View.rows(head.read, 0, n));
    return head.read;
  }

  private float stateDot() {
    loops.multiply(back, 0, head.state, 0, terms, 0, back.length);
    for (int i = 0; i < args.state(); i++) {
      rowSums[i] = loops.sum(terms, i * n, n);
    }
    return loops.sum(rowSums, 0, args.state());
  }

  private void throughD() {
    View target = head.ofX(out.x());
    float d = in.d()[head.head];
    for (int i = 0; i < head.q; i++) {
      int at = target.at() + i * target.row();
      loops.addScaled(d, g, i * n, out.x(), at, n);
    }
  }

  /** The gradient of the incoming state, where one came in. */
  private void backState() {
    if (!head.hasState) {
      return;
    }
    float keep = head.grow[head.q - 1];
    if (gradY == null) {
      loops.scale(keep, back, 0, back, 0, back.length);
      return;
    }
    View target = head.stateRows(hasBack ? added : back);
    loops.product(args.state(), n, head.q, head.c().transposed(), View.rows(grown, 0, n), target);
    if (hasBack) {
      loops.addScaled(keep, back, 0, added, 0, back.length);
      System.arraycopy(added, 0, back, 0, back.length);
    }
    hasBack = true;
  }

  /** From the gradients of the steps dt_i * A to those of dt; gradA follows when all are there. */
  private void steps() {
    float a = in.a()[head.head];
    for (int i = 0; i < head.q; i++) {
      allSteps[head.first + i] = gradStep[i];
      out.dt()[args.dtAt(head.sample, head.first + i, head.head)] = gradDt[i] + gradStep[i] * a;
    }
  }

  private float gradA() {
    float sum = 0f;
    for (int l0 = 0; l0 < args.length(); l0 += SEGMENT) {
      float chain = 0f;
      for (int l = l0; l < Math.min(args.length(), l0 + SEGMENT); l++) {
        float dt = in.dt()[args.dtAt(head.sample, l, head.head)];
        chain = Math.fma(allSteps[l], dt, chain);
      }
      sum = l0 == 0 ? chain : sum + chain;
    }
    return sum;
  }

  private float gradD() {
    Arrays.fill(dots, 0f);
    for (int l0 = 0; l0 < args.length(); l0 += SEGMENT) {
      int to = l0 == 0 ? 0 : n;
      Arrays.fill(dots, to, to + n, 0f);
      for (int l = l0; l < Math.min(args.length(), l0 + SEGMENT); l++) {
        int at = args.yAt(head.sample, l, head.head);
        int xAt = args.xAt(head.sample, l, head.head);
        for (int p = 0; p < n; p++) {
          dots[to + p] = Math.fma(gradY[at + p], in.x()[xAt + p], dots[to + p]);
        }
      }
      for (int p = 0; p < n && l0 > 0; p++) {
        dots[p] += dots[n + p];
      }
    }
    return loops.sum(dots, 0, n);
  }
}
