#include "self.h"
const struct trial kernel_trials[] = {{0}};
