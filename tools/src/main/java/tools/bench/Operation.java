package tools.bench;

/**
 * What a row computes, as data: shapes and which pass. The row's process and a peer's process build
 * the same thing from it.
 */
public sealed interface Operation
    permits Ceiling,
        Matmul,
        Convolution,
        CausalConvolution,
        StateSpaceScan,
        WindowAttention,
        Normalisation,
        Pointwise,
        OptimiserStep,
        DenoiserRun,
        DenoiserPieces,
        DemoStep,
        FeatureRun,
        FrozenRun,
        VaeRun,
        VaeTuning,
        SampleRun {
  /** The work of one repetition, by formula. */
  Work work();

  /** Puts data in place. */
  Task open(Task.Tensors tensors);
}
