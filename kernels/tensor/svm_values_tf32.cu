/* svm_values_tf32, svm_norms_tf32: see svm_products.cuh. */
#include "svm_products.cuh"
SVM_VALUES(tf32, Tf32)
