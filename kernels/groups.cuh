/* What holds of one parameter in this step (belay.backend.ParameterGroups).
 * groups  [parameters][GROUP] f32: what the rate is multiplied by, l2, l1, first and last epoch in which it is frozen
 */
#pragma once
#include "common.cuh"

constexpr int GROUP = 5;

struct Group {
    float rate, l2, l1;
    bool frozen;

    __device__ Group(const float *group, const float *scalars, const int *epoch)
        : rate(scalars[0] * group[0]), l2(group[1]), l1(group[2]),
          frozen((float)*epoch >= group[3] && (float)*epoch <= group[4]) {}
};
