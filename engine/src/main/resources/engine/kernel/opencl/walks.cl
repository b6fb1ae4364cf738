// Walks through tokens: count, tokens of a clip; count 0 where rows lie one behind the other.
int token(int walks, int tokens, global const int *order, int row) {
  int rows = walks * tokens;
  return walks == 0 ? row : row / rows * tokens + order[row % rows];
}

int walk_row(int walks, int tokens, global const int *position, int walk, int at) {
  return walks == 0 ? at
      : (at / tokens * walks + walk) * tokens + position[walk * tokens + at % tokens];
}
