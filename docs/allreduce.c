/* What MPI_Allreduce takes for as many floats as ./run exchange sums, on the same machine:
     mpicc -O2 -o allreduce docs/allreduce.c && mpirun -n 2 ./allreduce 89546432 5
   A yardstick only: its order of additions is the library's. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 89546432, rounds = argc > 2 ? atoi(argv[2]) : 5, rank;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  float *own = malloc(sizeof(float) * count), *sum = malloc(sizeof(float) * count);
  double *seconds = malloc(sizeof(double) * rounds);
  for (int i = 0; i < count; i++) own[i] = 1.0f / (rank + 1);
  for (int r = -1; r < rounds; r++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double begun = MPI_Wtime();
    MPI_Allreduce(own, sum, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    if (r >= 0) seconds[r] = MPI_Wtime() - begun;
  }
  qsort(seconds, rounds, sizeof(double), ascending);
  if (rank == 0) printf("MPI_Allreduce of %d floats: %.3f s\n", count, seconds[rounds / 2]);
  MPI_Finalize();
  return 0;
}
