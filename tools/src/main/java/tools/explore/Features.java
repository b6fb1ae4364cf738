package tools.explore;

import medsora.align.FrozenNetworks;

/**
 * Flow and features that a page shows the alignment with.
 *
 * @param networks flow, its colours and the feature network
 * @param source where the features are from, in words
 */
public record Features(FrozenNetworks networks, String source) {}
