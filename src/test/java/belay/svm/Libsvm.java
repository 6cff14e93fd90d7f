package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.Standardization;
import belay.svm.host.ClassOrder;
import belay.svm.host.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import libsvm.svm;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/** The oracle: libsvm on the same scaled samples. */
final class Libsvm {
  private static final Pattern OBJECTIVE = Pattern.compile("obj = ([-0-9.Ee]+)");

  private final List<Double> objectives = new ArrayList<>();
  private final Standardization scaling;
  private final svm_model model;

  Libsvm(Samples train, SvmModel like, double tolerance) {
    scaling = like.scaling();
    ClassOrder order = ClassOrder.of(train.labels());
    svm_problem problem = new svm_problem();
    problem.l = train.labels().length;
    problem.x = nodes(train.scaled(scaling, order.rows()));
    problem.y = new double[problem.l];
    for (int i = 0; i < problem.l; i++) {
      problem.y[i] = train.labels()[order.rows()[i]];
    }
    svm.svm_set_print_string_function(this::listen);
    model = svm.svm_train(problem, parameter(like, tolerance));
  }

  /** Dual objectives in the order of our problems. */
  List<Double> objectives() {
    return objectives;
  }

  int[] predict(FloatMatrix features) {
    svm_node[][] nodes = nodes(scaled(features));
    int[] labels = new int[nodes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) svm.svm_predict(model, nodes[i]);
    }
    return labels;
  }

  private FloatMatrix scaled(FloatMatrix features) {
    int[] all = IntStream.range(0, features.rows()).toArray();
    return new Samples(features, new int[0]).scaled(scaling, all);
  }

  private void listen(String line) {
    Matcher match = OBJECTIVE.matcher(line);
    if (match.find()) {
      objectives.add(Double.valueOf(match.group(1)));
    }
  }

  private static svm_parameter parameter(SvmModel like, double tolerance) {
    svm_parameter parameter = new svm_parameter();
    parameter.svm_type = svm_parameter.C_SVC;
    parameter.kernel_type = svm_parameter.LINEAR;
    if (like.kernel() instanceof KernelFunction.Rbf rbf) {
      parameter.kernel_type = svm_parameter.RBF;
      parameter.gamma = rbf.gamma();
    }
    parameter.C = like.c();
    parameter.eps = tolerance;
    parameter.cache_size = 200;
    parameter.shrinking = 1;
    parameter.nr_weight = like.classes().length;
    parameter.weight_label = like.classes();
    parameter.weight = like.weights();
    return parameter;
  }

  private static svm_node[][] nodes(FloatMatrix samples) {
    svm_node[][] nodes = new svm_node[samples.rows()][samples.columns()];
    for (int i = 0; i < samples.rows(); i++) {
      for (int k = 0; k < samples.columns(); k++) {
        nodes[i][k] = new svm_node();
        nodes[i][k].index = k + 1;
        nodes[i][k].value = samples.at(i, k);
      }
    }
    return nodes;
  }
}
