#!/bin/sh
# Training and prediction of the SVM by belay classify and by scikit-learn's SVC on the same features,
# in turn in one run: seconds (medians over the rounds), without reading files, and their ratio.
# usage: src/bench/svm.sh RUN [ROUNDS [BACKEND]]    needs target/belay.jar, RUN/features.h5,
#        python3-sklearn and python3-h5py
set -eu
run=$(cd "$1" && pwd)
rounds=${2:-3}
backend=${3:-cpu}
cd "$(dirname "$0")/../.."
python=${PYTHON:-/usr/bin/python3}
jar=${JAR:-target/belay.jar}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
mkdir "$results/run"
ln -s "$run/features.h5" "$results/run/features.h5"
cp "$run/run.properties" "$results/run/"

belay() { # prints: training prediction accuracy
  rm -f "$results/run/svm.h5"
  java -jar "$jar" classify --run "$results/run" --backend "$backend" --set svm.c=10 \
    --set svm.gamma=scale 2>&1 | tr ' ' '\n' | awk -F= '
      /^SVM-(copying|scaling|kernel|solver)=/ { training += $2 }
      /^SVM-prediction=/ { prediction = $2 }
      /^test-accuracy=/ { accuracy = $2 / 100 }
      END { print training, prediction, accuracy }'
}
median() { sort -g "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

for _ in $(seq "$rounds"); do
  belay > "$results/one"
  "$python" src/bench/python/svm_fit.py "$run/features.h5" > "$results/other"
  read -r ours our_prediction our_accuracy < "$results/one"
  read -r theirs their_prediction their_accuracy < "$results/other"
  echo "$ours" >> "$results/a"
  echo "$our_prediction" >> "$results/b"
  echo "$theirs" >> "$results/c"
  echo "$their_prediction" >> "$results/d"
  awk "BEGIN { print $theirs / $ours }" >> "$results/training"
  awk "BEGIN { print ($theirs + $their_prediction) / ($ours + $our_prediction) }" >> "$results/both"
done
printf '%-20s %10s %12s %9s\n' '' training prediction accuracy
printf '%-20s %10s %12s %9s\n' "belay, $backend" "$(median "$results/a")" "$(median "$results/b")" "$our_accuracy"
printf '%-20s %10s %12s %9s\n' scikit-learn "$(median "$results/c")" "$(median "$results/d")" "$their_accuracy"
echo "scikit-learn / belay: training $(median "$results/training"), with prediction $(median "$results/both")"
