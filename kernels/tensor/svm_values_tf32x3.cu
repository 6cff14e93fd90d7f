/* svm_values_tf32x3, svm_norms_tf32x3: see svm_products.cuh. */
#include "svm_products.cuh"
SVM_VALUES(tf32x3, Tf32x3)
