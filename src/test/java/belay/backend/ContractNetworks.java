package belay.backend;

import java.util.List;
import java.util.stream.Stream;

/** Networks on which every backend is compared; a semicolon ends a line. */
final class ContractNetworks {
  private ContractNetworks() {}

  static List<String> all() {
    return Stream.of(
            chains(),
            windows(),
            additions(),
            normalizations(),
            others(),
            residuals(),
            classifiers())
        .flatMap(List::stream)
        .toList();
  }

  /** Odd sizes, borders and every neighbour that a convolution may be fused with. */
  private static List<String> chains() {
    return List.of(
        "input 5x7x3; conv 4 kernel=1; latent; conv 3 kernel=1",
        "input 8x8x3; conv 16; latent; conv 3",
        "input 9x5x2; conv 5 kernel=5; relu; latent; conv 2",
        "input 6x6x1; conv 8; maxpool 2; latent; conv 8; upsample 2; conv 1",
        "input 12x12x3; conv 6; relu; maxpool 3; latent; conv 4; relu; upsample 3; conv 3",
        "input 8x8x3; conv 20; relu; maxpool 2; relu; latent; upsample 2; conv 3",
        "input 8x8x3; maxpool 2; conv 4; latent; upsample 2; conv 3 kernel=5",
        "input 8x12x3; conv 17; relu; maxpool 2; conv 9; relu; maxpool 2; latent;"
            + " conv 9; relu; upsample 2; conv 17; relu; upsample 2; conv 3",
        "input 4x4x3; relu; conv 3; upsample 2; maxpool 2; latent; conv 3",
        "input 16x16x3; conv 32; relu; maxpool 2; conv 16; relu; maxpool 2; latent;"
            + " conv 16; relu; upsample 2; conv 32; relu; upsample 2; conv 3",
        "input 4x6x3; latent; conv 3; relu; conv 3");
  }

  /** Kernels of 1 to 11, strides of 1 to 4, paddings; windows that miss the border, or overlap. */
  private static List<String> windows() {
    return List.of(
        "input 8x8x3; conv 8 stride=2; relu; latent; upsample 2; conv 3",
        "input 8x8x3; conv 24 kernel=1 stride=2 bias=no; latent; upsample 2; conv 3 bias=no",
        "input 8x8x2; conv 4 kernel=2 stride=2; latent; upsample 2; conv 2 kernel=9",
        "input 6x9x3; conv 8 stride=3; relu; latent; upsample 3; conv 3",
        "input 12x12x3; conv 8 kernel=11 stride=4; relu; latent; upsample 4; conv 3 kernel=7",
        "input 7x7x3; conv 6 kernel=6 padding=0; relu; latent; conv 3 kernel=6 padding=5",
        "input 10x10x1; conv 4 kernel=8; latent; conv 1 kernel=10 padding=5",
        "input 9x9x3; conv 5 kernel=4 stride=3 padding=2; relu; latent;"
            + " globalaveragepool; linear 7; upsample 9; conv 3",
        "input 7x5x3; conv 16 padding=0; relu; conv 16 padding=2 bias=no; latent; conv 3",
        "input 8x8x3; conv 8; maxpool 3 stride=2 padding=1; latent; upsample 2; conv 3",
        "input 8x8x3; conv 8; relu; maxpool 2 stride=1; latent; conv 3 kernel=2 padding=1",
        "input 7x7x3; conv 5; maxpool 3 stride=1 padding=1; latent; conv 3",
        "input 9x9x3; conv 8; maxpool 2 stride=3 padding=0; relu; latent; upsample 3; conv 3",
        "input 8x8x3; conv 8; relu; averagepool 2; latent; upsample 2; conv 3",
        "input 8x8x3; averagepool 3 stride=2 padding=1; conv 5; latent; upsample 2; conv 3",
        "input 6x6x3; conv 9; averagepool 3 stride=1 padding=1; relu; latent; conv 3",
        "input 12x12x3; conv 4; averagepool 5 stride=4 padding=2; latent; upsample 4; conv 3");
  }

  /** Values that are read two and three times, by one operation too. */
  private static List<String> additions() {
    return List.of(
        "input 8x8x3; conv 8; relu name=a; conv 8; add a; relu; latent; conv 3",
        "input 6x6x3; conv 4 name=stem; conv 4 name=left; conv 4 kernel=1 from=stem; add left;"
            + " add stem; latent; conv 3",
        "input 5x5x3; conv 4 name=a; add a; relu; latent; conv 3 name=b; add b",
        "input 6x6x3; conv 8 name=a; relu name=b; maxpool 2; upsample 2; add b; add a; latent;"
            + " conv 3",
        "input 8x8x3; conv 8 name=stem; conv 16 stride=2 name=left; averagepool 2 from=stem;"
            + " conv 16 kernel=1; add left; relu; latent; upsample 2; conv 3",
        "input 6x6x3; conv 3 name=a; relu name=b; conv 3; add b name=c; conv 3; add c; add b;"
            + " latent; add a",
        "input 6x6x3; conv 8 name=a; relu; conv 3 name=end; globalaveragepool from=a; linear 4;"
            + " latent; output from=end");
  }

  private static List<String> normalizations() {
    return List.of(
        "input 6x6x3; batchnorm; conv 8; relu; latent; conv 3",
        "input 8x8x3; conv 8 bias=no; batchnorm; relu; latent; conv 3",
        "input 8x8x3; conv 9; relu; batchnorm epsilon=1e-3 momentum=0.4; latent; conv 3",
        "input 1x1x5; conv 8 kernel=1; batchnorm; gelu; latent; linear 5",
        "input 6x6x3; conv 8 name=a; batchnorm; add a; batchnorm; relu; latent; conv 3",
        "input 8x8x3; conv 16; batchnorm; relu; maxpool 2; batchnorm; latent; upsample 2; conv 3",
        "input 4x4x3; conv 8; linear 6 bias=no; batchnorm; relu; latent; upsample 4; conv 3",
        "input 5x5x3; conv 8; batchnorm; latent; conv 3; batchnorm",
        "input 8x8x3; conv 9 bias=no; batchnorm scale=no epsilon=1e-12 momentum=0.4; gelu name=a;"
            + " conv 9 bias=no; batchnorm scale=no; add a; relu; latent; conv 3",
        "input 1x1x6; linear 8; batchnorm scale=no; latent; linear 6",
        "input 6x6x3; normalize; conv 8; relu; latent; conv 3",
        "input 8x8x2; conv 4; relu name=a; normalize from=input; conv 4 kernel=2 padding=0; gelu;"
            + " conv 4 kernel=2 padding=1; batchnorm; add a; latent; conv 2; add input",
        "input 5x7x3; normalize name=n; conv 3; add n; latent; conv 3");
  }

  private static List<String> others() {
    return List.of(
        "input 6x6x3; conv 8; relu; dropout 0.5; latent; conv 3",
        "input 6x6x3; dropout 0.1; conv 8 name=a; dropout 0.3; add a; latent; conv 3",
        "input 6x6x3; conv 8; gelu; conv 8; silu; conv 8; leaky-relu slope=0.1; latent; conv 3",
        "input 6x6x3; conv 5; batchnorm; gelu; conv 5; leaky-relu; maxpool 2; silu; latent;"
            + " upsample 2; conv 3",
        "input 4x4x3; conv 8; linear 10; relu; latent; linear 16; upsample 4; conv 3",
        "input 1x1x7; linear 13; gelu; latent; linear 7 bias=no",
        "input 6x8x3; conv 8; relu name=a; globalaveragepool; linear 8; linear 3 name=b;"
            + " conv 3 from=a; latent; output",
        "input 8x8x3; conv 8; globalaveragepool; latent; upsample 8; conv 3");
  }

  /** Few classes and more than a warp has lanes; latent features before and behind. */
  private static List<String> classifiers() {
    return List.of(
        "input 6x6x3; conv 8; relu; globalaveragepool; latent; linear 10; logits",
        "input 5x5x2; conv 4; relu; maxpool 2 stride=2 padding=1; linear 2 bias=no; latent; logits",
        "input 6x6x3; conv 9 name=a; gelu; linear 70; logits; linear 5 from=a; latent",
        "input 6x6x3; conv 8; relu; latent; linear 10 bias=no; logits scale=0.25",
        "input 9x9x3; normalize; conv 24 kernel=2 padding=0 init=whiten; gelu;"
            + " conv 8 bias=no init=dirac; averagepool 2; batchnorm scale=no epsilon=1e-12;"
            + " gelu; conv 8 bias=no init=dirac; batchnorm scale=no momentum=0.4; gelu; averagepool 4;"
            + " latent; linear 10 bias=no init=unit-deviation; logits scale=0.125",
        "input 8x8x3; conv 8 bias=no; batchnorm; relu name=in; conv 8 bias=no; batchnorm; add in;"
            + " relu; globalaveragepool; latent; dropout 0.2; linear 33; logits");
  }

  /** The blocks of He et al. 2015, arXiv:1512.03385, with and without a stride. */
  private static List<String> residuals() {
    return List.of(
        "input 8x8x3; conv 8 bias=no; batchnorm; relu name=in; conv 8 bias=no; batchnorm; relu;"
            + " conv 8 bias=no; batchnorm; add in; relu name=out;"
            + " conv 16 stride=2 bias=no; batchnorm; relu; conv 16 bias=no; batchnorm name=body;"
            + " conv 16 kernel=1 stride=2 bias=no from=out; batchnorm; add body; relu; latent;"
            + " upsample 2; conv 3",
        "input 8x8x3; conv 16 bias=no; batchnorm; relu name=in; conv 8 kernel=1 bias=no; batchnorm;"
            + " relu; conv 8 stride=2 bias=no; batchnorm; relu; conv 32 kernel=1 bias=no;"
            + " batchnorm name=body; conv 32 kernel=1 stride=2 bias=no from=in; batchnorm;"
            + " add body; relu; globalaveragepool; latent; linear 64; upsample 8; conv 3");
  }
}
