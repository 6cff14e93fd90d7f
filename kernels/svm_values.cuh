/* Kernel values of a support vector machine, in blocks: what every product that makes them shares.
 *
 * Dot products c = left_i . right_j become c (linear) or exp(-gamma |left_i - right_j|^2), the squared distance being
 * |left_i|^2 + |right_j|^2 - 2 c, at least 0. The norms are sums of the same product (the diagonal of samples with themselves),
 * so that a sample and its copy are at distance 0 exactly, whatever the unit rounds.
 * A launch makes tiles first .. first + gridDim.x - 1 of all blocks in a table.
 */
#pragma once
#include "common.cuh"

constexpr int VALUE_TILE = 128; // rows and columns of a tile
constexpr int ALIGNMENT = 32;   // depths and pitches are multiples of it

/* One block. In a triangle left and right are the same samples, and out and mirror the same matrix.
 * What lies between a row's end and its pitch becomes 0. */
struct ValueBlock {
    const float *left, *right;           // [rows, depth], [columns, depth]
    const float *leftNorms, *rightNorms; // [rows], [columns]
    float *out;                          // [rows, pitch]
    float *mirror;                       // [columns, mirrorPitch] of the transpose, or null
    int rows, columns, pitch, mirrorPitch;
    int firstTile; // in the table's count of tiles
    int triangle;
};

constexpr int VALUE_BLOCK_BYTES = 72; // of the host's tables
static_assert(sizeof(ValueBlock) == VALUE_BLOCK_BYTES, "the host's tables");

/* A tile in its block: rows and columns from here on. */
struct ValueTile {
    int row, column;
};

__device__ __forceinline__ const ValueBlock &find_block(const ValueBlock *blocks, int count, int tile) {
    int low = 0, high = count;
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        (blocks[middle].firstTile <= tile ? low : high) = middle;
    }
    return blocks[low];
}

/* Sixteen rows of tiles side by side, so that tiles in flight share rows of both sides in L2. */
__device__ __forceinline__ ValueTile find_tile(const ValueBlock &block, int tile) {
    const int down = (block.rows + VALUE_TILE - 1) / VALUE_TILE, across = (block.columns + VALUE_TILE - 1) / VALUE_TILE;
    tile -= block.firstTile;
    if (block.triangle) {
        int row = 0;
        while (tile >= across - row) tile -= across - row++;
        return {row * VALUE_TILE, (row + tile) * VALUE_TILE};
    }
    const int band = tile / (16 * across), height = min(16, down - 16 * band);
    tile -= band * 16 * across;
    return {(16 * band + tile % height) * VALUE_TILE, tile / height * VALUE_TILE};
}

/* Writes value (row, column) of a block, and its mirror image. gamma is negative for the linear kernel. */
struct PutValue {
    const ValueBlock &block;
    float gamma;

    __device__ __forceinline__ float value(int row, int column, float dot) const {
        if (row >= block.rows || column >= block.columns) return 0;
        if (gamma < 0) return dot;
        const float distance = fmaf(-2.f, dot, block.leftNorms[row] + block.rightNorms[column]);
        return expf(-gamma * fmaxf(distance, 0.f));
    }

    __device__ __forceinline__ void operator()(int row, int column, float dot) const {
        if (block.triangle && column < row) return; // its mirror image is written instead: symmetric to the last bit
        const float v = value(row, column, dot);
        if (row < block.rows && column < block.pitch) block.out[(size_t)row * block.pitch + column] = v;
        if (block.mirror && column < block.columns && row < block.mirrorPitch)
            block.mirror[(size_t)column * block.mirrorPitch + row] = v;
    }
};

/* Writes the diagonal of samples with themselves: their squared lengths as the product sees them. */
struct PutNorm {
    float *norms;
    int rows;
    __device__ __forceinline__ void operator()(int row, int column, float dot) const {
        if (row == column && row < rows) norms[row] = dot;
    }
};
