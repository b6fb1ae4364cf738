package tools.bench.harness;

/**
 * What is measured beside ours.
 *
 * @param name for people
 * @param launch how its processes are started
 * @param inTurn whether it takes turns with ours, sample by sample, as another build does; else it
 *     comes when all of ours are done, for a library's threads may not sleep while they wait
 */
public record Rival(String name, Launch launch, boolean inTurn) {}
