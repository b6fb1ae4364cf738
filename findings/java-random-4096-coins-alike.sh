#!/bin/sh
# Version: Java 25 (what java.util.Random draws is laid down for all versions)
# Java 25: the first coin of java.util.Random is, for the seeds 0 to 4095, heads 4096 times.
#
# Guess: a generator per clip, seeded with the clip's number so that each can be made again, draws what one generator for all would: half of the
# clips are mirrored, crops and steps of noise are all over their range.
# Behaviour: what is drawn FIRST hardly moves with the seed. All of 4096 clips are mirrored, 100 clips get diffusion steps between 739 and 750 of
# 1024, and what a shuffle of 16 frames puts last is number 10, 11 or 12 for each of 1000 seeds. The second coin is even. SplittableRandom and the
# newer generators (L64X128MixRandom) are even from the first on; so is a Random that is seeded with another one's nextLong().
. "$(dirname "$0")/common.sh"
cat >"$work/Coins.java" <<'J'
import java.util.*;
import java.util.function.LongPredicate;
import java.util.random.RandomGeneratorFactory;

public class Coins {
  static int heads(LongPredicate coin) {
    int heads = 0;
    for (long seed = 0; seed < 4096; seed++) if (coin.test(seed)) heads++;
    return heads;
  }

  static boolean second(Random random) {
    random.nextBoolean();
    return random.nextBoolean();
  }

  public static void main(String[] args) {
    var mixed = RandomGeneratorFactory.of("L64X128MixRandom");
    System.out.println("heads first=" + heads(seed -> new Random(seed).nextBoolean())
        + " second=" + heads(seed -> second(new Random(seed)))
        + " seeded-twice=" + heads(seed -> new Random(new Random(seed).nextLong()).nextBoolean())
        + " SplittableRandom=" + heads(seed -> new SplittableRandom(seed).nextBoolean())
        + " L64X128MixRandom=" + heads(seed -> mixed.create(seed).nextBoolean()));
    var steps = new TreeSet<Integer>();
    for (int seed = 0; seed < 100; seed++) steps.add(new Random(seed).nextInt(1024));
    var last = new TreeSet<Integer>();
    for (int seed = 0; seed < 1000; seed++) {
      var frames = new ArrayList<Integer>();
      for (int k = 0; k < 16; k++) frames.add(k);
      Collections.shuffle(frames, new Random(seed));
      last.add(frames.getLast());
    }
    System.out.println("steps of 1024: " + steps.getFirst() + " to " + steps.getLast() + ", last of a shuffle: " + last);
  }
}
J
java "$work/Coins.java" >"$work/seen"
expect "4096 seeds" "$(sed -n 1p "$work/seen")" "heads first=4096 second=2048 seeded-twice=2025 SplittableRandom=2034 L64X128MixRandom=2047"
expect "100 seeds, 1000 seeds" "$(sed -n 2p "$work/seen")" "steps of 1024: 739 to 750, last of a shuffle: [10, 11, 12]"
